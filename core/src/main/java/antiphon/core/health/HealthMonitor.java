package antiphon.core.health;

import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether responses can be created now. The answer is made of what the loops last did and of what
 * the store last answered to a look of this monitor's own: asking for it waits for nothing and
 * costs next to nothing, however often it is done.
 *
 * <p>Not ready means: a loop has hung for longer than its step may take, has failed several times
 * in a row, or the store has not answered the last look, or not within two seconds.
 */
public final class HealthMonitor implements Lifecycle {

  private static final Duration PACE = Duration.ofMillis(500);
  private static final Duration STORE_ANSWERS = Duration.ofSeconds(2);

  private final Runnable ping;
  private final List<Pulse> pulses = new CopyOnWriteArrayList<>();
  private final Pulse looks = new Pulse("look at the store", STORE_ANSWERS);
  private final Loop looker = Loop.ofPlatform("health", this::look);
  private volatile boolean storeWorks = true;
  private volatile boolean closed;

  /**
   * @param ping asks the store something, and throws if it does not work
   */
  public HealthMonitor(Runnable ping) {
    this.ping = ping;
  }

  @Override
  public void start() {
    looker.start();
  }

  /** Watches these loops too. */
  public void watch(Collection<Pulse> loops) {
    pulses.addAll(loops);
  }

  /** Whether responses can be created now. */
  public boolean ready() {
    return troubles().isEmpty();
  }

  /** Why not, one line each; empty if all is well. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    looks
        .trouble()
        .or(() -> storeWorks ? Optional.empty() : Optional.of("the store does not work"))
        .ifPresent(troubles::add);
    for (Pulse pulse : pulses) {
      pulse.trouble().ifPresent(troubles::add);
    }
    return troubles;
  }

  private void look() {
    while (!closed) {
      storeWorks = looks.step(ping::run);
      Complaints.flush();
      pause();
    }
  }

  private void pause() {
    try {
      Thread.sleep(PACE);
    } catch (InterruptedException _) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    looker.close();
  }

  @Override
  public boolean stopped() {
    return looker.stopped();
  }
}
