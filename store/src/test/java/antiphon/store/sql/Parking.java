package antiphon.store.sql;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.jdbc.Closing;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.testkit.store.Await;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Holds the first write that comes to a chosen point until it is let go. */
public final class Parking implements StoreListener {

  /** Where a write is. */
  public enum Point {
    /** On the caller's thread, before it takes its place in the queue. */
    SUBMIT,
    /** On the writer's thread, inside the transaction, before its first statement. */
    EXECUTE,
    /** On the writer's thread, inside the transaction, after its last statement. */
    EXECUTED,
    /** On the writer's thread, before the commit of the whole group; without a name. */
    COMMIT,
    /** On the writer's thread, after the commit and before anybody is told; without a name. */
    COMMITTED
  }

  private record Place(Point point, String write, CountDownLatch arrived, CountDownLatch go) {}

  private final AtomicLong submitted = new AtomicLong();
  private final AtomicBoolean loseAnswer = new AtomicBoolean();
  private volatile @Nullable Place place;

  /** How many writes have been brought to the store. */
  public long submitted() {
    return submitted.get();
  }

  /** From now on the first write with this name stops at this point. */
  public void park(Point point, String write) {
    place = new Place(point, write, new CountDownLatch(1), new CountDownLatch(1));
  }

  /** Waits until it stands there. */
  public void awaitParked() {
    Place wanted = current();
    Await.until(wanted.write() + " to arrive", () -> wanted.arrived().getCount() == 0);
  }

  /** Lets it go. */
  public void release() {
    current().go().countDown();
  }

  /** Lets the next transaction be committed, and the connection break before anybody is told. */
  public void loseNextAnswer() {
    loseAnswer.set(true);
  }

  private Place current() {
    Place wanted = place;
    if (wanted == null) {
      throw new IllegalStateException("nothing to park");
    }
    return wanted;
  }

  /** What {@link #loseNextAnswer} needs. */
  public UnaryOperator<Dialect> between() {
    return Faults.commits(
        () -> {},
        () -> {
          if (loseAnswer.compareAndSet(true, false)) {
            throw new SQLException("the connection broke", "08006");
          }
        });
  }

  @Override
  public void submitted(String write) {
    submitted.incrementAndGet();
    at(Point.SUBMIT, write);
  }

  @Override
  public void executing(String write) {
    at(Point.EXECUTE, write);
  }

  @Override
  public void executed(String write) {
    at(Point.EXECUTED, write);
  }

  @Override
  public void committing(int writes) {
    at(Point.COMMIT, "");
  }

  @Override
  public void committed(int writes, long nanos) {
    at(Point.COMMITTED, "");
  }

  private void at(Point point, String write) {
    Place wanted = place;
    if (wanted != null
        && wanted.point() == point
        && wanted.write().equals(write)
        && wanted.arrived().getCount() > 0) {
      wanted.arrived().countDown();
      Closing.uninterruptibly(() -> wanted.go().await());
    }
  }
}
