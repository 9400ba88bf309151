package antiphon.testkit.vector;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.FileId;
import antiphon.core.file.FileStore;
import antiphon.core.response.Owner;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.AttachedFile.Status;
import antiphon.core.vector.Attaching;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorCatalog.Place;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.protocol.vector.FileCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How the files of vector stores are indexed: by whom, once, and what becomes of those that cannot
 * be.
 */
public abstract class IndexingContract {

  protected static final Owner ME = Owner.account("acme");
  protected static final List<Owner> OTHERS =
      List.of(Owner.account("other"), new Owner("acme", "user"), new Owner("other", "acme"));
  protected static final Duration LEASE = Duration.ofMinutes(1);
  protected static final PageRequest ALL = new PageRequest(100, true, null, null);

  /** The catalog under test, empty at the start of each test. */
  protected abstract VectorCatalog catalog();

  /** The files of the same database. */
  protected abstract FileStore files();

  @Test
  void aFileIsIndexedOnce() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    IndexJob job = claim("node_1");
    assertThat(job.file()).isEqualTo(new FileId(ME, "file_1"));
    assertThat(job.attempts()).isEqualTo(1);
    assertThat(catalog().claim("node_2", 5, LEASE)).isEmpty();
    assertThat(catalog().extend(List.of(job), LEASE)).isEmpty();
    assertThat(catalog().cut(job, 3, 2)).isTrue();
    assertThat(catalog().add(job, List.of(chunk(0, "one"), chunk(1, "two")))).isTrue();
    AttachedFile now = catalog().findFile(store.id(), "file_1").orElseThrow();
    assertThat(now.status()).isEqualTo(Status.IN_PROGRESS);
    assertThat(List.of(now.chunkCount(), now.processedChunks(), now.pageCount()))
        .containsExactly(3, 2, 2);
    assertThat(catalog().changes(store.row(), 0, 10).files()).isEmpty();
    assertThat(catalog().chunks(List.of(new Place(job.row(), 0)))).isEmpty();

    assertThat(catalog().add(job, List.of(chunk(2, "three")))).isTrue();
    assertThat(catalog().complete(job)).isTrue();

    AttachedFile done = catalog().findFile(store.id(), "file_1").orElseThrow();
    assertThat(done.status()).isEqualTo(Status.COMPLETED);
    assertThat(done.usageBytes()).isEqualTo("onetwothree".length() + 3 * 8);
    VectorStore after = catalog().find(store.id()).orElseThrow();
    assertThat(after.counts()).isEqualTo(new FileCounts(0, 1, 0, 0, 1));
    assertThat(after.usageBytes()).isEqualTo(done.usageBytes());
    assertThat(after.version()).isEqualTo(done.changed());
    assertThat(catalog().changes(store.row(), 0, 10).files()).containsExactly(done);
    assertThat(catalog().changes(store.row(), done.changed(), 10).files()).isEmpty();
    assertThat(catalog().chunks(job.row(), 1, 1))
        .usingRecursiveComparison()
        .isEqualTo(List.of(chunk(1, "two")));
    var placed =
        catalog()
            .chunks(
                List.of(new Place(job.row(), 2), new Place(job.row(), 9), new Place(1L << 40, 0)));
    assertThat(placed).hasSize(1);
    assertThat(placed.getFirst().file()).isEqualTo(done);
    assertThat(placed.getFirst().chunk().text()).isEqualTo("three");
    assertThat(catalog().claim("node_2", 5, LEASE)).isEmpty();
  }

  @Test
  void workOfASilentNodeGoesOnElsewhereAndTheOldOneCanWriteNothing() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    IndexJob old = catalog().claim("node_1", 1, Duration.ZERO).getFirst();
    assertThat(catalog().add(old, List.of(chunk(0, "old")))).isTrue();
    IndexJob fresh = claim("node_2");

    assertThat(fresh.attempts()).isEqualTo(2);
    assertThat(catalog().chunks(fresh.row(), 0, 10)).isEmpty();
    assertThat(catalog().extend(List.of(old), LEASE)).containsExactly(old);
    assertThat(catalog().cut(old, 1, null)).isFalse();
    assertThat(catalog().add(old, List.of(chunk(0, "old")))).isFalse();
    assertThat(catalog().complete(old)).isFalse();
    assertThat(catalog().fail(old, failure())).isFalse();
    assertThat(catalog().add(fresh, List.of(chunk(0, "new")))).isTrue();
    assertThat(catalog().complete(fresh)).isTrue();
    assertThat(catalog().chunks(fresh.row(), 0, 10)).extracting(Chunk::text).containsExactly("new");
  }

  @Test
  void aClaimThatIsGivenBackWasNone() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    catalog().release(claim("node_1"));
    assertThat(claim("node_2").attempts()).isEqualTo(1);
  }

  @Test
  void ownersTakeTurns() {
    VectorStore mine = store("vs_1", null);
    for (int i = 0; i < 5; i++) {
      attach(mine, null, "file_" + i, "sha" + i);
    }
    VectorStoreId theirs = new VectorStoreId(OTHERS.getFirst(), "vs_2");
    var _ = catalog().create(fresh(theirs, null));
    var _ = catalog().attach(theirs, null, List.of(fresh(theirs.owner(), "file_9", "sha")), false);

    assertThat(catalog().claim("node_1", 2, LEASE))
        .extracting(job -> job.file().value())
        .containsExactly("file_0", "file_9");
  }

  @Test
  void aBadFileFailsAloneAndCanBePutInAgain() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    IndexJob job = claim("node_1");
    assertThat(catalog().add(job, List.of(chunk(0, "half")))).isTrue();
    assertThat(catalog().fail(job, failure())).isTrue();

    AttachedFile failed = catalog().findFile(store.id(), "file_1").orElseThrow();
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.error()).isEqualTo(failure());
    assertThat(catalog().find(store.id()).orElseThrow().counts())
        .isEqualTo(new FileCounts(0, 0, 1, 0, 1));
    purge();
    assertThat(catalog().chunks(job.row(), 0, 10)).isEmpty();
    attach(store, null, "file_1", "sha1");
    assertThat(claim("node_1").row()).isNotEqualTo(job.row());
  }

  @Test
  void theSameContentIsRefusedOrSkipped() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    assertThat(catalog().attach(store.id(), null, List.of(fresh("file_2", "sha1")), false))
        .isEqualTo(new Attaching.Duplicate("file_2", "file_1"));
    assertThat(catalog().attach(store.id(), null, List.of(fresh("file_1", "sha1")), false))
        .isEqualTo(new Attaching.Duplicate("file_1", "file_1"));
    List<AttachedFile.Fresh> twice = List.of(fresh("file_3", "sha3"), fresh("file_4", "sha3"));
    assertThat(catalog().attach(store.id(), null, twice, false))
        .isEqualTo(new Attaching.Duplicate("file_4", "file_3"));
    assertThat(catalog().find(store.id()).orElseThrow().counts().total()).isEqualTo(1);

    var skipped = catalog().attach(store.id(), "vsfb_1", twice, true);
    assertThat(((Attaching.Attached) skipped).files())
        .extracting(AttachedFile::status)
        .containsExactly(Status.IN_PROGRESS, Status.CANCELLED);
    assertThat(catalog().findFile(store.id(), "file_4").orElseThrow().error())
        .satisfies(error -> assertThat(String.valueOf(error)).contains("DUPLICATE", "file_3"));
    assertThat(catalog().findBatch(store.id(), "vsfb_1").orElseThrow().counts())
        .isEqualTo(new FileCounts(1, 0, 0, 1, 2));
  }

  @Test
  void aBatchIsCancelledAsFarAsItIsNotDone() {
    VectorStore store = store("vs_1", null);
    attach(store, "vsfb_1", "file_1", "sha1");
    index(claim("node_1"), "one");
    var _ =
        catalog()
            .attach(
                store.id(),
                "vsfb_2",
                List.of(fresh("file_2", "sha2"), fresh("file_3", "sha3")),
                false);
    IndexJob running = claim("node_1");

    var cancelled = catalog().cancelBatch(store.id(), "vsfb_2").orElseThrow();

    assertThat(cancelled.cancelled()).isTrue();
    assertThat(cancelled.counts()).isEqualTo(new FileCounts(0, 0, 0, 2, 2));
    assertThat(catalog().extend(List.of(running), LEASE)).containsExactly(running);
    assertThat(catalog().complete(running)).isFalse();
    assertThat(catalog().claim("node_1", 9, LEASE)).isEmpty();
    assertThat(catalog().cancelBatch(store.id(), "vsfb_1").orElseThrow().cancelled()).isFalse();
    assertThat(
            catalog().listFiles(store.id(), "vsfb_2", Status.CANCELLED, ALL).orElseThrow().data())
        .hasSize(2);
    assertThat(catalog().listFiles(store.id(), null, Status.COMPLETED, ALL).orElseThrow().data())
        .extracting(AttachedFile::fileId)
        .containsExactly("file_1");
  }

  @Test
  void attributesAreReplacedAndIndexesLearnOfIt() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    index(claim("node_1"), "one");
    long before = catalog().find(store.id()).orElseThrow().version();
    var attributes = Map.of("year", Json.toTree(2026), "draft", Json.toTree(true));
    AttachedFile changed = catalog().setAttributes(store.id(), "file_1", attributes).orElseThrow();
    assertThat(changed.attributes()).isEqualTo(attributes);
    assertThat(catalog().changes(store.row(), before, 10).files()).containsExactly(changed);
    assertThat(catalog().setAttributes(store.id(), "file_9", attributes)).isEmpty();
  }

  protected VectorStore store(String id, @Nullable Integer days) {
    return catalog().create(fresh(new VectorStoreId(ME, id), days));
  }

  protected static VectorStore.Fresh fresh(VectorStoreId id, @Nullable Integer days) {
    return new VectorStore.Fresh(id, "name", null, Map.of("a", "b"), days, "model", 2);
  }

  protected static VectorStore.Settings settings(String name) {
    return new VectorStore.Settings(name, null, Map.of(), null);
  }

  protected void attach(VectorStore store, @Nullable String batch, String fileId, String sha256) {
    assertThat(
            catalog()
                .attach(
                    store.id(), batch, List.of(fresh(store.id().owner(), fileId, sha256)), false))
        .isInstanceOf(Attaching.Attached.class);
  }

  protected static AttachedFile.Fresh fresh(String fileId, String sha256) {
    return fresh(ME, fileId, sha256);
  }

  protected static AttachedFile.Fresh fresh(Owner owner, String fileId, String sha256) {
    return new AttachedFile.Fresh(
        owner,
        fileId,
        "name of " + fileId,
        sha256,
        new Chunking(false, 200, 50),
        Map.of("kind", Json.toTree("test")));
  }

  protected IndexJob claim(String node) {
    return catalog().claim(node, 1, LEASE).getFirst();
  }

  protected void index(IndexJob job, String text) {
    assertThat(catalog().add(job, List.of(chunk(0, text)))).isTrue();
    assertThat(catalog().complete(job)).isTrue();
  }

  protected static Chunk chunk(int number, String text) {
    return new Chunk(number, text, "A > B", number == 0 ? null : number, new float[] {0.6f, -0.8f});
  }

  protected static AttachedFile.Failure failure() {
    return new AttachedFile.Failure(AttachedFile.Code.INVALID_FILE, "it is damaged");
  }

  protected void purge() {
    while (catalog().purge(1) > 0) {
      // One row at a time.
    }
  }
}
