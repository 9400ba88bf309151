package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoreException;
import antiphon.store.sql.Probe;
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

  @TempDir private Path folder;
  private final AtomicReference<Probe.@Nullable Point> failing = new AtomicReference<>();

  @Override
  protected ResponseStore open() {
    Probe probe =
        new Probe() {
          @Override
          public void at(Point point, String write) throws SQLException {
            if (failing.compareAndSet(point, null)) {
              throw new SQLException("the answer was lost");
            }
          }
        };
    return SqliteStore.open(folder.resolve("data.db"), new SqliteOptions(1, true, probe));
  }

  @Test
  void oneThatWasCommittedIsTakenUpByTheNextCall() {
    ResponseId id = insert(background(id(ACCOUNT)));
    failing.set(Probe.Point.COMMITTED);
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
    failing.set(Probe.Point.COMMIT);
    assertThatThrownBy(() -> store().claim("n1", 10, LONG)).isInstanceOf(StoreException.class);

    List<Claimed> claimed = store().claim("n2", 10, LONG);
    assertThat(claimed).extracting(c -> c.response().id()).containsExactly(id);
    assertThat(store().claim("n1", 10, LONG)).isEmpty();
  }
}
