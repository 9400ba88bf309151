package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoreListener;
import antiphon.store.sql.Faults;
import antiphon.testkit.store.StoreFixture;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A claim of which nobody knows whether it was committed. */
final class SqliteClaimTest extends StoreFixture {

  /** When a commit fails. */
  private enum When {
    BEFORE,
    AFTER
  }

  @TempDir private Path folder;
  private final AtomicReference<@Nullable When> failing = new AtomicReference<>();

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(
        folder.resolve("data.db"),
        new SqliteOptions(
            1,
            true,
            StoreListener.NONE,
            Faults.commits(() -> strike(When.BEFORE), () -> strike(When.AFTER))));
  }

  private void strike(When when) throws SQLException {
    if (failing.compareAndSet(when, null)) {
      throw new SQLException("the answer was lost");
    }
  }

  @Test
  void oneThatWasCommittedIsTakenUpByTheNextCall() {
    ResponseId id = insert(background(id(ACCOUNT)));
    failing.set(When.AFTER);
    assertThatThrownBy(() -> store().claim("n1", 10, LONG)).isInstanceOf(StoreException.class);

    assertThat(store().claim("n2", 10, LONG)).isEmpty();
    List<Claimed> claimed = store().claim("n1", 10, LONG);

    assertThat(claimed).extracting(c -> c.response().id()).containsExactly(id);
    assertThat(claimed.getFirst().attempts()).isZero();
    assertThat(claimed.getFirst().response().epoch()).isEqualTo(1);
    assertThat(store().claim("n1", 10, LONG)).as("once").isEmpty();
  }

  @Test
  void oneThatWasNotIsClaimedAnew() {
    ResponseId id = insert(background(id(ACCOUNT)));
    failing.set(When.BEFORE);
    assertThatThrownBy(() -> store().claim("n1", 10, LONG)).isInstanceOf(StoreException.class);

    List<Claimed> claimed = store().claim("n2", 10, LONG);
    assertThat(claimed).extracting(c -> c.response().id()).containsExactly(id);
    assertThat(store().claim("n1", 10, LONG)).isEmpty();
  }
}
