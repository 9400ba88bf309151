package antiphon.server.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar of progress that shows only once there is something to wait for. */
final class LazyBar implements AutoCloseable {

  private static final long MEGABYTE = 1_000_000;

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
      shown = builder.setInitialMax(total).build();
      bar = shown;
    }
    shown.stepTo(done);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
