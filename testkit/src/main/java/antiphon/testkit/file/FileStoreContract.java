package antiphon.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.FileStore;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything a store of files must do. */
public abstract class FileStoreContract {

  private static final Owner ME = Owner.account("acme");
  private static final List<Owner> OTHERS =
      List.of(Owner.account("other"), new Owner("acme", "user"), new Owner("other", "acme"));
  private static final FileFilter ALL = new FileFilter(null, null);

  /** The store under test, empty at the start of each test. */
  protected abstract FileStore files();

  @Test
  void aFileIsFoundAsItWasWritten() {
    StoredFile file = file("file_1", 10);
    files().add(file);
    assertThat(files().find(file.id())).contains(file);
    StoredFile lasting = expiring("file_2", 11, files().clock().millis() + 3_600_000);
    files().add(lasting);
    assertThat(files().find(lasting.id())).contains(lasting);
  }

  @Test
  void nobodyElseFindsListsOrDeletesIt() {
    StoredFile file = file("file_1", 10);
    files().add(file);
    for (Owner other : OTHERS) {
      FileId id = new FileId(other, "file_1");
      assertThat(files().find(id)).isEmpty();
      assertThat(files().delete(id)).isEmpty();
      assertThat(files().list(other, ALL, page(10, true, null, null)).orElseThrow().data())
          .isEmpty();
      assertThat(files().list(other, ALL, page(10, true, "file_1", null))).isEmpty();
    }
    assertThat(files().find(file.id())).contains(file);
  }

  @Test
  void aDeletedFileIsGone() {
    StoredFile file = file("file_1", 10);
    files().add(file);
    assertThat(files().uses(file.blob())).isTrue();
    assertThat(files().delete(file.id())).contains(file);
    assertThat(files().delete(file.id())).isEmpty();
    assertThat(files().find(file.id())).isEmpty();
    assertThat(files().uses(file.blob())).isFalse();
  }

  @Test
  void aFileWhoseTimeIsOverIsNotFound() {
    long now = files().clock().millis();
    StoredFile over = expiring("file_1", 10, now - 1000);
    StoredFile lasting = expiring("file_2", 11, now + 3_600_000);
    files().add(over);
    files().add(lasting);

    assertThat(files().find(over.id())).isEmpty();
    assertThat(ids(files().list(ME, ALL, page(10, true, null, null)).orElseThrow()))
        .containsExactly("file_2");
    assertThat(files().expired(10)).containsExactly(over.id());
    assertThat(files().uses(over.blob())).isTrue();
    assertThat(files().delete(over.id())).contains(over);
    assertThat(files().expired(10)).isEmpty();
  }

  @Test
  void listsComeInPagesInBothOrders() {
    for (int i = 1; i <= 5; i++) {
      files().add(file("file_" + i, 10 + i / 2));
    }
    assertThat(ids(get(2, true, null, null))).containsExactly("file_5", "file_4");
    assertThat(ids(get(2, true, "file_4", null))).containsExactly("file_3", "file_2");
    assertThat(get(2, true, "file_4", null).hasMore()).isTrue();
    assertThat(ids(get(2, true, "file_2", null))).containsExactly("file_1");
    assertThat(get(2, true, "file_2", null).hasMore()).isFalse();
    assertThat(ids(get(10, false, null, null)))
        .containsExactly("file_1", "file_2", "file_3", "file_4", "file_5");
    assertThat(ids(get(2, false, null, "file_4"))).containsExactly("file_2", "file_3");
    assertThat(ids(get(10, false, "file_1", "file_4"))).containsExactly("file_2", "file_3");
    assertThat(files().list(ME, ALL, page(2, true, "file_9", null))).isEmpty();
  }

  @Test
  void listsAreFilteredByPurposeAndContent() {
    files().add(file("file_1", 10));
    files().add(with(file("file_2", 11), FilePurpose.BATCH, "ab"));
    files().add(with(file("file_3", 12), FilePurpose.BATCH, "cd"));

    assertThat(filtered(FilePurpose.BATCH, null)).containsExactly("file_3", "file_2");
    assertThat(filtered(null, "ab")).containsExactly("file_2");
    assertThat(filtered(FilePurpose.BATCH, "cd")).containsExactly("file_3");
    assertThat(filtered(FilePurpose.EVALS, "cd")).isEmpty();
  }

  private List<String> filtered(@Nullable FilePurpose purpose, @Nullable String sha256) {
    return ids(
        files()
            .list(ME, new FileFilter(purpose, sha256), page(10, true, null, null))
            .orElseThrow());
  }

  private Page<StoredFile> get(
      int limit, boolean descending, @Nullable String after, @Nullable String before) {
    return files().list(ME, ALL, page(limit, descending, after, before)).orElseThrow();
  }

  private static PageRequest page(
      int limit, boolean descending, @Nullable String after, @Nullable String before) {
    return new PageRequest(limit, descending, after, before);
  }

  private static List<String> ids(Page<StoredFile> page) {
    return page.data().stream().map(file -> file.id().value()).toList();
  }

  private static StoredFile file(String id, long createdAt) {
    return new StoredFile(
        new FileId(ME, id),
        "name of " + id + ".txt",
        FilePurpose.ASSISTANTS,
        12_345_678_901L,
        "sha of " + id,
        "blob of " + id,
        "text/plain",
        createdAt,
        null);
  }

  private static StoredFile expiring(String id, long createdAt, long expiresAt) {
    StoredFile file = file(id, createdAt);
    return new StoredFile(
        file.id(),
        file.filename(),
        file.purpose(),
        file.bytes(),
        file.sha256(),
        file.blob(),
        file.contentType(),
        createdAt,
        expiresAt);
  }

  private static StoredFile with(StoredFile file, FilePurpose purpose, String sha256) {
    return new StoredFile(
        file.id(),
        file.filename(),
        purpose,
        file.bytes(),
        sha256,
        file.blob(),
        file.contentType(),
        file.createdAt(),
        null);
  }
}
