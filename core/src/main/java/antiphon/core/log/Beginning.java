package antiphon.core.log;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether an engine has taken a response on, or that has ended before. */
public final class Beginning {

  private final CountDownLatch known = new CountDownLatch(1);
  private volatile boolean begun;

  /** The engine has taken the response on: what goes wrong from now on is told in the log. */
  public void begun() {
    if (!begun) {
      begun = true;
      known.countDown();
    }
  }

  /** The response has ended. */
  void over() {
    known.countDown();
  }

  /**
   * Waits for either, but not for long.
   *
   * @return whether the response has ended before any engine had taken it on
   */
  public boolean awaitOverBefore(Duration patience) throws InterruptedException {
    return known.await(patience.toNanos(), TimeUnit.NANOSECONDS) && !begun;
  }
}
