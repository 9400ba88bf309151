package antiphon.core.service;

import antiphon.core.health.Pulse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Removes files whose time is over, and now and then bytes that belong to no file. */
public final class FileKeeper implements AutoCloseable {

  private static final int BATCH = 100;
  private static final long IDLE_MILLIS = 30_000;

  /** Longer than any upload takes from its first byte to its row. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private static final Duration SWEEPS = Duration.ofHours(1);

  private final Pulse expiry = new Pulse("removal of expired files", Duration.ofMinutes(5));
  private final Pulse sweep = new Pulse("removal of abandoned uploads", Duration.ofHours(1));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("file-keeper").daemon().factory());

  /** Begins soon. */
  public FileKeeper(FileService files) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> expiry.step(() -> files.expire(BATCH)),
            IDLE_MILLIS / 10,
            IDLE_MILLIS,
            TimeUnit.MILLISECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            () -> sweep.step(() -> files.sweep(ABANDONED)),
            IDLE_MILLIS,
            SWEEPS.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
