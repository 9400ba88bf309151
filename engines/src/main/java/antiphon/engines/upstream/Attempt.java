package antiphon.engines.upstream;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.EventListener;

/**
 * One sending of a request, and whether it went over a connection that had been idle. The engine
 * may have closed that one; then the request never reached it.
 */
final class Attempt {

  /** Notes for each call, in its attempt, whether a connection was opened for it. */
  static final EventListener LISTENER = new Opened();

  /** What fails later than this was no idle connection: the engine has worked, and then failed. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final long since = System.nanoTime();
  private volatile boolean opened;

  /** Asked when it has failed without an answer: whether its connection was dead before it. */
  boolean wasStale() {
    return !opened && System.nanoTime() - since < AT_ONCE.toNanos();
  }

  private static final class Opened extends EventListener {

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
      Attempt attempt = call.request().tag(Attempt.class);
      if (attempt != null) {
        attempt.opened = true;
      }
    }
  }
}
