package antiphon.core.health;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop that the server cannot do without: when it began its step, and how the last one went. All
 * steps of such loops go through {@link #step}, the one place where what they throw is handled:
 * whatever can be survived is told and survived, an {@link Error} too. Where memory has run out the
 * machine ends the process ({@code -XX:+ExitOnOutOfMemoryError}).
 *
 * <p>Written by its loop's thread, read by any.
 */
public final class Pulse {

  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
  private static final long RESTING = Long.MIN_VALUE;

  /** So many steps in a row may fail before the loop counts as broken. */
  private static final int BEARABLE = 3;

  private final String name;
  private final long longest;
  private final LongSupplier nanos;
  private volatile long since = RESTING;
  private volatile int failures;
  private volatile @Nullable String failure;

  /**
   * @param name for people
   * @param longest how long a step may take
   */
  public Pulse(String name, Duration longest) {
    this(name, longest, System::nanoTime);
  }

  Pulse(String name, Duration longest, LongSupplier nanos) {
    this.name = name;
    this.longest = longest.toNanos();
    this.nanos = nanos;
  }

  /** A step of the loop. */
  @FunctionalInterface
  public interface Step<E extends Exception> {
    /** Does it. */
    void run() throws E;
  }

  /**
   * Takes a step, and survives what it throws but its own exception.
   *
   * @return whether it went well
   */
  public <E extends Exception> boolean step(Step<E> step) throws E {
    work();
    try {
      step.run();
      succeeded();
      return true;
    } catch (RuntimeException | Error e) {
      failed(e);
      tell(e);
    } finally {
      rest();
    }
    return false;
  }

  private void tell(Throwable cause) {
    if (cause instanceof Outage) {
      Complaints.warn(LOG, name, "the " + name + " failed and goes on: " + cause.getMessage());
    } else {
      Complaints.error(LOG, name, "the " + name + " failed and goes on", cause);
    }
  }

  /** A step begins, or goes on. */
  public void work() {
    since = nanos.getAsLong();
  }

  /** The loop waits for work: it may do so for ever. */
  public void rest() {
    since = RESTING;
  }

  private void succeeded() {
    failures = 0;
    failure = null;
  }

  private void failed(Throwable cause) {
    failure = cause.getClass().getSimpleName();
    failures = Math.min(failures + 1, BEARABLE);
  }

  /** What is wrong with the loop; empty if nothing is. */
  Optional<String> trouble() {
    long began = since;
    if (began != RESTING && nanos.getAsLong() - began > longest) {
      return Optional.of("the " + name + " hangs");
    }
    String why = failure;
    return failures >= BEARABLE && why != null
        ? Optional.of("the " + name + " fails: " + why)
        : Optional.empty();
  }
}
