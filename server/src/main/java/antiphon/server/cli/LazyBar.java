package antiphon.server.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** A bar of progress that shows only once there is something to wait for. */
final class LazyBar implements AutoCloseable {

  private static final long MEGABYTE = 1_000_000;

  /** Before so much of it has come nothing is known of how fast it comes. */
  private static final long SEEN_BYTES = MEGABYTE;

  private static final Duration SEEN = Duration.ofSeconds(2);

  /** What would take longer than this is no estimate any more. */
  private static final Duration LONGEST = Duration.ofHours(100);

  private final ProgressBarBuilder builder;
  private final PrintWriter err;
  private @Nullable ProgressBar bar;

  /**
   * @param name what is fetched
   * @param err what was written there comes before the bar
   */
  LazyBar(String name, PrintWriter err) {
    this.err = err;
    this.builder =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setUnit(" MB", MEGABYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setEtaFunction(LazyBar::left)
            .setUpdateIntervalMillis(200);
  }

  /**
   * It has come so far.
   *
   * @param done bytes
   * @param total bytes in all; below 0 if nobody knows
   */
  synchronized void at(long done, long total) {
    ProgressBar shown = bar;
    if (shown == null) {
      err.flush();
      // What was there before, or came at once, says nothing of the time the rest takes.
      shown = builder.setInitialMax(total).startsFrom(done, Duration.ZERO).build();
      bar = shown;
    }
    shown.stepTo(done);
  }

  private static Optional<Duration> left(ProgressState state) {
    return left(
        state.getCurrent() - state.getStart(),
        state.getMax() - state.getCurrent(),
        state.getElapsedAfterStart());
  }

  /**
   * How much longer it takes; empty as long as nobody can tell.
   *
   * @param came bytes that came in the time
   * @param missing bytes that are to come
   */
  static Optional<Duration> left(long came, long missing, Duration elapsed) {
    if (came < SEEN_BYTES || missing < 0 || elapsed.compareTo(SEEN) < 0) {
      return Optional.empty();
    }
    double seconds = elapsed.toMillis() / 1000.0 * missing / came;
    return seconds < LONGEST.toSeconds()
        ? Optional.of(Duration.ofSeconds(Math.round(seconds)))
        : Optional.empty();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
