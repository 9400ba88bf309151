package antiphon.testkit.vector;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.FileStore;
import antiphon.core.file.StoredFile;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything a catalog of vector stores must do. */
public abstract class VectorCatalogContract {

  private static final Owner ME = Owner.account("acme");
  private static final List<Owner> OTHERS =
      List.of(Owner.account("other"), new Owner("acme", "user"), new Owner("other", "acme"));
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final PageRequest ALL = new PageRequest(100, true, null, null);

  /** The catalog under test, empty at the start of each test. */
  protected abstract VectorCatalog catalog();

  /** The files of the same database. */
  protected abstract FileStore files();

  @Test
  void aStoreIsFoundAndListedAsItWasMade() {
    VectorStore store = store("vs_1", 7);
    assertThat(catalog().find(store.id())).contains(store);
    assertThat(store.metadata()).containsEntry("a", "b");
    assertThat(store.counts()).isEqualTo(new FileCounts(0, 0, 0, 0, 0));
    assertThat(store.expiresAt()).isEqualTo(store.lastActiveAt() + Duration.ofDays(7).toMillis());
    VectorStore second = store("vs_2", null);
    assertThat(second.expiresAt()).isNull();
    assertThat(catalog().list(ME, ALL).orElseThrow().data())
        .extracting(one -> one.id().value())
        .containsExactly("vs_2", "vs_1");
    assertThat(catalog().list(ME, new PageRequest(1, true, "vs_2", null)).orElseThrow().data())
        .containsExactly(store);
  }

  @Test
  void nobodyElseReachesIt() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    for (Owner other : OTHERS) {
      VectorStoreId id = new VectorStoreId(other, "vs_1");
      assertThat(catalog().find(id)).isEmpty();
      assertThat(catalog().list(other, ALL).orElseThrow().data()).isEmpty();
      assertThat(catalog().update(id, settings("x"))).isEmpty();
      assertThat(catalog().delete(id)).isFalse();
      assertThat(catalog().attach(id, null, List.of(fresh("f", "s")), false))
          .isInstanceOf(Attaching.NoStore.class);
      assertThat(catalog().findFile(id, "file_1")).isEmpty();
      assertThat(catalog().listFiles(id, null, null, ALL)).isEmpty();
      assertThat(catalog().setAttributes(id, "file_1", Map.of())).isEmpty();
      assertThat(catalog().detach(id, "file_1")).isFalse();
      assertThat(catalog().findBatch(id, "vsfb_1")).isEmpty();
      assertThat(catalog().cancelBatch(id, "vsfb_1")).isEmpty();
    }
    assertThat(catalog().findFile(store.id(), "file_1")).isPresent();
  }

  @Test
  void aStoreIsChanged() {
    VectorStore store = store("vs_1", 7);
    VectorStore changed = catalog().update(store.id(), settings("other")).orElseThrow();
    assertThat(changed.name()).isEqualTo("other");
    assertThat(changed.expiresAt()).isNull();
    assertThat(changed.createdAt()).isEqualTo(store.createdAt());
  }

  @Test
  void aFileMayBeAnothersThanTheStore() {
    VectorStore store = store("vs_1", null);
    Owner writer = new Owner("acme", "user");
    assertThat(catalog().attach(store.id(), null, List.of(fresh(writer, "file_1", "sha1")), false))
        .isInstanceOf(Attaching.Attached.class);
    assertThat(catalog().findFile(store.id(), "file_1").orElseThrow().store())
        .isEqualTo(store.id());
    IndexJob job = claim("node_1");
    assertThat(job.file()).isEqualTo(new FileId(writer, "file_1"));
    assertThat(job.store()).isEqualTo(store.id());
  }

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

  @Test
  void aFileThatIsTakenOutLeavesNothingBehind() {
    VectorStore store = store("vs_1", null);
    attach(store, null, "file_1", "sha1");
    IndexJob job = claim("node_1");
    index(job, "secret");
    long before = catalog().find(store.id()).orElseThrow().version();

    assertThat(catalog().detach(store.id(), "file_1")).isTrue();

    assertThat(catalog().detach(store.id(), "file_1")).isFalse();
    assertThat(catalog().findFile(store.id(), "file_1")).isEmpty();
    assertThat(catalog().chunks(List.of(new Place(job.row(), 0)))).isEmpty();
    assertThat(catalog().find(store.id()).orElseThrow().counts().total()).isZero();
    AttachedFile grave = catalog().changes(store.row(), before, 10).files().getFirst();
    assertThat(grave.status()).isEqualTo(Status.DELETED);
    assertThat(grave.row()).isEqualTo(job.row());
    assertThat(grave.filename() + grave.sha256() + grave.attributes()).isEqualTo("{}");
    purge();
    assertThat(catalog().chunks(job.row(), 0, 10)).isEmpty();
    attach(store, null, "file_1", "sha1");
    index(claim("node_1"), "again");
    assertThat(catalog().find(store.id()).orElseThrow().counts().completed()).isEqualTo(1);
  }

  @Test
  void aFileThatIsDeletedIsInNoStoreAnyMore() {
    VectorStore one = store("vs_1", null);
    VectorStore two = store("vs_2", null);
    StoredFile file =
        new StoredFile(
            new FileId(ME, "file_1"),
            "a",
            FilePurpose.EVALS,
            1,
            "sha1",
            "blob",
            "text/plain",
            1,
            null);
    files().add(file);
    attach(one, null, "file_1", "sha1");
    index(claim("node_1"), "one");
    attach(two, null, "file_1", "sha1");
    IndexJob running = claim("node_1");

    assertThat(files().delete(file.id())).isPresent();

    assertThat(catalog().findFile(one.id(), "file_1")).isEmpty();
    assertThat(catalog().findFile(two.id(), "file_1")).isEmpty();
    assertThat(catalog().complete(running)).isFalse();
  }

  @Test
  void aStoreThatIsDeletedTakesAllWithIt() {
    VectorStore store = store("vs_1", null);
    attach(store, "vsfb_1", "file_1", "sha1");
    IndexJob done = claim("node_1");
    index(done, "one");
    attach(store, "vsfb_2", "file_2", "sha2");
    IndexJob running = claim("node_1");

    assertThat(catalog().delete(store.id())).isTrue();

    assertThat(catalog().delete(store.id())).isFalse();
    assertThat(catalog().find(store.id())).isEmpty();
    assertThat(catalog().list(ME, ALL).orElseThrow().data()).isEmpty();
    assertThat(catalog().chunks(List.of(new Place(done.row(), 0)))).isEmpty();
    assertThat(catalog().complete(running)).isFalse();
    purge();
    assertThat(catalog().chunks(done.row(), 0, 10)).isEmpty();
  }

  @Test
  void storesWhoseTimeIsOverAreNamed() {
    var _ = store("vs_1", 7);
    VectorStore over = store("vs_2", -1);
    assertThat(catalog().expired(10)).containsExactly(over.id());
    assertThat(over.expired(catalog().clock().millis())).isTrue();
    assertThat(catalog().delete(over.id())).isTrue();
    assertThat(catalog().expired(10)).isEmpty();
  }

  @Test
  void filesComeInPages() {
    VectorStore store = store("vs_1", null);
    var _ =
        catalog()
            .attach(
                store.id(),
                null,
                Arrays.asList(fresh("file_1", "1"), fresh("file_2", "2"), fresh("file_3", "3")),
                false);
    var first =
        catalog()
            .listFiles(store.id(), null, null, new PageRequest(2, false, null, null))
            .orElseThrow();
    assertThat(first.data()).extracting(AttachedFile::fileId).containsExactly("file_1", "file_2");
    assertThat(first.hasMore()).isTrue();
    assertThat(
            catalog()
                .listFiles(store.id(), null, null, new PageRequest(2, false, "file_2", null))
                .orElseThrow()
                .data())
        .extracting(AttachedFile::fileId)
        .containsExactly("file_3");
    assertThat(
            catalog().listFiles(store.id(), null, null, new PageRequest(2, false, "file_9", null)))
        .isEmpty();
  }

  private VectorStore store(String id, @Nullable Integer days) {
    return catalog().create(fresh(new VectorStoreId(ME, id), days));
  }

  private static VectorStore.Fresh fresh(VectorStoreId id, @Nullable Integer days) {
    return new VectorStore.Fresh(id, "name", null, Map.of("a", "b"), days, "model", 2);
  }

  private static VectorStore.Settings settings(String name) {
    return new VectorStore.Settings(name, null, Map.of(), null);
  }

  private void attach(VectorStore store, @Nullable String batch, String fileId, String sha256) {
    assertThat(
            catalog()
                .attach(
                    store.id(), batch, List.of(fresh(store.id().owner(), fileId, sha256)), false))
        .isInstanceOf(Attaching.Attached.class);
  }

  private static AttachedFile.Fresh fresh(String fileId, String sha256) {
    return fresh(ME, fileId, sha256);
  }

  private static AttachedFile.Fresh fresh(Owner owner, String fileId, String sha256) {
    return new AttachedFile.Fresh(
        owner,
        fileId,
        "name of " + fileId,
        sha256,
        new Chunking(false, 200, 50),
        Map.of("kind", Json.toTree("test")));
  }

  private IndexJob claim(String node) {
    return catalog().claim(node, 1, LEASE).getFirst();
  }

  private void index(IndexJob job, String text) {
    assertThat(catalog().add(job, List.of(chunk(0, text)))).isTrue();
    assertThat(catalog().complete(job)).isTrue();
  }

  private static Chunk chunk(int number, String text) {
    return new Chunk(number, text, "A > B", number == 0 ? null : number, new float[] {0.6f, -0.8f});
  }

  private static AttachedFile.Failure failure() {
    return new AttachedFile.Failure(AttachedFile.Code.INVALID_FILE, "it is damaged");
  }

  private void purge() {
    while (catalog().purge(1) > 0) {
      // One row at a time.
    }
  }
}
