package antiphon.core.service;

import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Timer;
import java.time.Duration;

/** Removes files whose time is over, and now and then bytes that belong to no file. */
public final class FileKeeper implements Lifecycle {

  private static final int BATCH = 100;
  private static final long IDLE_MILLIS = 30_000;

  /** Longer than any upload takes from its first byte to its row. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private static final Duration SWEEPS = Duration.ofHours(1);

  private final Pulse expiry = new Pulse("removal of expired files", Duration.ofMinutes(5));
  private final Pulse sweep = new Pulse("removal of abandoned uploads", Duration.ofHours(1));
  private final FileService files;
  private final Timer timer = new Timer("file-keeper", 1, this::begin);

  public FileKeeper(FileService files) {
    this.files = files;
  }

  private void begin() {
    timer.every(IDLE_MILLIS / 10, IDLE_MILLIS, () -> expiry.step(() -> files.expire(BATCH)));
    timer.every(IDLE_MILLIS, SWEEPS.toMillis(), () -> sweep.step(() -> files.sweep(ABANDONED)));
  }

  @Override
  public void start() {
    timer.start();
  }

  @Override
  public void close() {
    timer.close();
  }

  @Override
  public boolean stopped() {
    return timer.stopped();
  }
}
