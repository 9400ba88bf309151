package antiphon.sandbox.agent;

import antiphon.core.sandbox.Readiness;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxException.Kind;
import antiphon.core.sandbox.Sandboxes;
import antiphon.sandbox.jail.ControlGroups;
import antiphon.sandbox.jail.Jail;
import antiphon.sandbox.jail.JailSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sandboxes by bubblewrap, a few of them warm. The first one that is asked for warms them. */
public final class JailedSandboxes implements Sandboxes {

  private final JailSettings jailSettings;
  private final SandboxLimits limits;
  private final Launcher launcher = new Launcher();
  private final Places places;
  private final AtomicInteger names = new AtomicInteger();
  private final Set<Cage> all = new HashSet<>();
  private final Deque<Cage> warm = new ArrayDeque<>();
  private int warming;
  private boolean closed;
  private @Nullable Jail jail;
  private @Nullable Readiness readiness;

  public JailedSandboxes(JailSettings jailSettings, SandboxLimits limits) {
    this.jailSettings = jailSettings;
    this.limits = limits;
    this.places = new Places(limits.most());
  }

  @Override
  public long maxMemory() {
    return limits.maxMemory();
  }

  /** The memory of a sandbox that nothing else was asked for, in bytes. */
  public long usualMemory() {
    return limits.memory();
  }

  @Override
  public Readiness readiness() {
    synchronized (this) {
      if (readiness != null) {
        return readiness;
      }
    }
    Readiness found = new Trial(this, jailSettings).find();
    synchronized (this) {
      readiness = found;
      return found;
    }
  }

  /** The walls; made when they are needed first. */
  synchronized Jail jail() throws Jail.Unusable {
    Jail made = jail;
    if (made == null) {
      made = Jail.open(jailSettings, AgentCode.archive());
      jail = made;
    }
    return made;
  }

  @Override
  public Sandbox open(long memory) throws InterruptedException, SandboxException {
    if (memory > limits.maxMemory()) {
      throw new SandboxException(Kind.UNAVAILABLE, "A sandbox may not have that much memory here.");
    }
    if (readiness() instanceof Readiness.Off) {
      throw new SandboxException(Kind.UNAVAILABLE, "This server has no sandboxes.");
    }
    Cage cage = takeWarm(memory);
    if (cage == null) {
      cage = start(memory, false);
    }
    keepWarm();
    return cage.sandbox();
  }

  private @Nullable Cage takeWarm(long memory) {
    while (true) {
      Cage cage;
      synchronized (this) {
        cage = warm.poll();
      }
      if (cage == null || (cage.sandbox().alive() && cage.memory(memory))) {
        return cage;
      }
      cage.close();
    }
  }

  /** Fills up what has been taken, one after another, beside whoever waits. */
  private void keepWarm() {
    synchronized (this) {
      if (closed || warming > 0 || warm.size() >= limits.warm()) {
        return;
      }
      warming++;
    }
    Thread.ofVirtual().name("antiphon-sandbox-warmer").start(this::warmOne);
  }

  private void warmOne() {
    boolean made = false;
    try {
      Cage cage = start(limits.memory(), true);
      synchronized (this) {
        made = !closed;
        if (made) {
          warm.add(cage);
        }
      }
      if (!made) {
        cage.close();
      }
    } catch (SandboxException | InterruptedException e) {
      // Full, or it fails: whoever asks for one is told.
    } finally {
      synchronized (this) {
        warming--;
      }
    }
    if (made) {
      keepWarm();
    }
  }

  /**
   * Starts one.
   *
   * @param preload whether the packages that most cells begin with are loaded ahead
   */
  Cage start(long memory, boolean preload) throws SandboxException, InterruptedException {
    int place = places.take();
    if (place < 0) {
      throw new SandboxException(
          Kind.UNAVAILABLE, "All sandboxes of this server are in use. Try again later.");
    }
    ControlGroups.@Nullable Group group = null;
    boolean started = false;
    try {
      Jail walls = jail();
      var bounds = jailSettings.bounds();
      String name = "sandbox-" + names.incrementAndGet();
      if (walls.controlGroups() != null) {
        group =
            walls
                .controlGroups()
                .make(
                    name,
                    new ControlGroups.Amounts(
                        // With bubblewrap's two processes and the agent.
                        memory, bounds.processes() + 4, bounds.processors()));
      }
      String options = AgentOptions.of(jailSettings, memory, group == null, preload);
      Process process = launcher.start(walls.command(place, group, options));
      Cage cage = new Cage(this, process, name, place, group, memory);
      started = true;
      cage.begin();
      return cage;
    } catch (IOException | Jail.Unusable e) {
      throw new SandboxException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
    } finally {
      if (!started) {
        places.give(place);
        if (group != null) {
          group.remove();
        }
      }
    }
  }

  void began(Cage cage) throws SandboxException {
    synchronized (this) {
      if (!closed) {
        all.add(cage);
        return;
      }
    }
    cage.close();
    throw new SandboxException(Kind.UNAVAILABLE, "The server stops.");
  }

  void ended(Cage cage, int place) {
    synchronized (this) {
      all.remove(cage);
      warm.remove(cage);
    }
    places.give(place);
  }

  /** How many there are now, warm ones included. */
  public synchronized int count() {
    return all.size();
  }

  /** How many wait for somebody. */
  public synchronized int warmCount() {
    return warm.size();
  }

  @Override
  public void close() {
    Set<Cage> left;
    synchronized (this) {
      closed = true;
      left = Set.copyOf(all);
    }
    left.parallelStream().forEach(Cage::close);
    launcher.close();
    synchronized (this) {
      if (jail != null) {
        jail.close();
      }
    }
  }
}
