package antiphon.testkit.vector;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.AttachedFile.Status;
import antiphon.core.vector.Attaching;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog.Place;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.vector.FileCounts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything a catalog of vector stores must do; the indexing of their files is inherited. */
public abstract class VectorCatalogContract extends IndexingContract {

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
}
