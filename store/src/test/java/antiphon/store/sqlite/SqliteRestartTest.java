package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.key.KeyRights;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ApiKey;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import antiphon.testkit.store.StoreFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data file that is closed and opened again. */
final class SqliteRestartTest extends StoreFixture {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(file());
  }

  @Test
  void everythingIsThereAgain() {
    RunKey run = running(USER);
    append(run, 2, 3);
    end(run, 5, ResponseStatus.COMPLETED);
    StoredResponse before = find(run.id());
    store().close();

    try (SqliteStore again = SqliteStore.open(file())) {
      assertThat(again.find(run.id()).orElseThrow()).usingRecursiveComparison().isEqualTo(before);
      assertThat(texts(again.readLog(run.id(), -1, 100).events())).isEqualTo(texts(events(0, 7)));
    }
  }

  @Test
  void whatRanIsAbandonedAtOnce() {
    RunKey background = running(ACCOUNT);
    ResponseId foreground = insert(foreground(id(ACCOUNT)));
    store().close();

    try (SqliteStore again = SqliteStore.open(file())) {
      assertThat(again.orphans(10)).containsExactly(foreground);
      List<Claimed> claimed = again.claim("n2", 10, LONG);
      assertThat(claimed).extracting(c -> c.response().id()).containsExactly(background.id());
      assertThat(claimed.getFirst().attempts()).isEqualTo(1);
      assertThat(claimed.getFirst().response().epoch()).isEqualTo(2);
    }
  }

  @Test
  void whatWaitsIsCommittedByClosing() {
    ResponseId id = id(ACCOUNT);
    var inserted = store().insert(background(id));
    store().close();

    assertThat(inserted).isCompleted();
    assertThatThrownBy(() -> get(store().insert(background(id(ACCOUNT)))))
        .hasCauseInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store().find(id)).isInstanceOf(StoreException.class);
    try (SqliteStore again = SqliteStore.open(file())) {
      assertThat(again.find(id)).isPresent();
    }
  }

  @Test
  void theFileHasOneServer() {
    assertThatThrownBy(() -> SqliteStore.open(file()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is in use by another server");
  }

  @Test
  void keysAreMadeBesideTheServer() {
    var key = new ApiKey("key_1", "acme", "label", new byte[32], "hint", KeyRights.ALL, 1, null);
    var serving = ((SqliteStore) store()).keys();
    try (SqliteKeyStore beside = SqliteKeyStore.open(file())) {
      beside.add(key);
      assertThat(serving.find(new byte[32]).orElseThrow().tenant()).isEqualTo("acme");
      assertThat(serving.revoke("key_1")).isTrue();
      assertThat(beside.list().getFirst().revokedAt()).isNotNull();
    }
  }

  @Test
  void onlyTheOwnerReadsTheFiles() throws Exception {
    insert(background(id(ACCOUNT)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("data.db-wal"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws Exception {
    Path blocked = folder.resolve("file");
    Files.createFile(blocked);

    assertThatThrownBy(() -> SqliteStore.open(blocked.resolve("data.db")))
        .hasMessageContaining("data.db");
  }

  private Path file() {
    return folder.resolve("data.db");
  }
}
