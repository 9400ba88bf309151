package antiphon.engines.llamacpp;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.llamacpp.ChildState.Closed;
import antiphon.engines.llamacpp.ChildState.Failed;
import antiphon.engines.llamacpp.ChildState.Idle;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.llamacpp.ChildState.Starting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the child of one model: starts it when it is asked for, watches it, starts it again after a
 * crash, with growing pauses. Whatever becomes of the child, this process goes on.
 */
final class Supervisor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** A failure that is over so soon is waited for rather than told. */
  private static final Duration BEARABLE = Duration.ofSeconds(2);

  private final Starter starter;
  private final InstantSource clock;
  private ChildState state = new Idle();
  private int failures;
  private int users;
  private boolean ending;
  private Instant lastUsed;
  private @Nullable Thread starting;

  Supervisor(Starter starter, InstantSource clock) {
    this.starter = starter;
    this.clock = clock;
    this.lastUsed = clock.instant();
  }

  LlamaModel model() {
    return starter.model();
  }

  synchronized ChildState state() {
    return state;
  }

  /** Starts the child if there is none, without waiting for it. */
  synchronized void warmUp() {
    if (state instanceof Idle) {
      begin(Duration.ZERO);
    }
  }

  /** Begins a use, if there is a child or is about to be one: it stays until {@link #release}. */
  synchronized boolean join() {
    if (!taking()) {
      return false;
    }
    users++;
    return true;
  }

  /** Begins a use of a child that is started for it; nothing if the last one is still ending. */
  synchronized boolean enter() {
    if (ending) {
      return false;
    }
    users++;
    warmUp();
    return true;
  }

  /**
   * The running child, for a use that was begun, started if need be.
   *
   * @throws EngineException if it cannot be had now, with the cause
   */
  synchronized Running acquire() throws EngineException, InterruptedException {
    while (true) {
      switch (state) {
        case Running running -> {
          if (running.child().alive()) {
            return running;
          }
          // Whoever was told by its connection is here before the news of its end is.
          ended(running);
        }
        case Idle _ -> begin(Duration.ZERO);
        case Starting _ -> awaitStart();
        case Failed failed -> {
          Duration left = Duration.between(clock.instant(), failed.until());
          if (left.compareTo(BEARABLE) > 0) {
            throw unavailable(failed.cause(), left);
          }
          begin(left.isNegative() ? Duration.ZERO : left);
        }
        case Closed _ -> throw unavailable("it is being stopped", Duration.ofSeconds(1));
      }
    }
  }

  /** Who has waited for a start hears of its failure, rather than waiting for the next. */
  private void awaitStart() throws EngineException, InterruptedException {
    while (state instanceof Starting) {
      wait();
    }
    if (state instanceof Failed failed) {
      throw unavailable(failed.cause(), Duration.between(clock.instant(), failed.until()));
    }
  }

  /** A use is over. */
  synchronized void release() {
    users--;
    lastUsed = clock.instant();
    notifyAll();
  }

  /** Whether a child is there, or about to be, that nobody uses. */
  synchronized boolean dispensable() {
    return users == 0 && state instanceof Running;
  }

  synchronized Instant lastUsed() {
    return lastUsed;
  }

  /** Whether memory is taken: by a child that is there, about to be, or not yet gone. */
  synchronized boolean holding() {
    return taking() || ending || users > 0;
  }

  private boolean taking() {
    return state instanceof Running || state instanceof Starting;
  }

  /** Ends the child if nobody uses it; the next who asks gets another. */
  void rest() {
    Running last;
    synchronized (this) {
      if (!(state instanceof Running running) || users > 0) {
        return;
      }
      last = running;
      ending = true;
      become(new Idle());
    }
    try {
      end(last);
    } finally {
      synchronized (this) {
        ending = false;
      }
    }
  }

  private static void end(Running running) {
    running.chat().close();
    running.child().close();
  }

  private void become(ChildState next) {
    state = next;
    notifyAll();
  }

  private void begin(Duration pause) {
    become(new Starting());
    starting = Thread.ofVirtual().name("llama.cpp " + model().id()).start(() -> run(pause));
  }

  /** One start, to its end: the child runs, or the failure is told. */
  private void run(Duration pause) {
    try {
      Thread.sleep(pause);
      Running running = starter.start();
      synchronized (this) {
        if (state instanceof Starting) {
          become(running);
          var _ = running.child().ended().thenRun(() -> ended(running));
          return;
        }
      }
      end(running);
    } catch (StartFailed e) {
      failed(e.getMessage());
    } catch (InterruptedException _) {
      failed("it is being stopped");
    }
  }

  private synchronized void failed(String cause) {
    if (state instanceof Starting) {
      failures++;
      LOG.error("{}: {}", model().id(), cause);
      become(new Failed(cause, clock.instant().plus(Pauses.after(failures))));
    }
  }

  /** A child that was running has ended without being told to. */
  private void ended(Running running) {
    synchronized (this) {
      if (!(state instanceof Running now) || now.child() != running.child()) {
        return;
      }
      boolean stable = clock.instant().isAfter(running.since().plus(Pauses.STABLE));
      failures = stable ? 1 : failures + 1;
      String cause = "its process has ended: " + running.child().lastWords();
      Duration pause = Pauses.after(failures);
      LOG.warn("{}: {}; it is started again in {} s", model().id(), cause, pause.toSeconds());
      become(new Failed(cause, clock.instant().plus(pause)));
      if (pause.isZero()) {
        begin(pause);
      }
    }
    running.chat().close();
    running.child().close();
  }

  private EngineException unavailable(String cause, Duration left) {
    Duration retry = left.isPositive() ? left : Duration.ofSeconds(1);
    String message = "The model '" + model().id() + "' cannot be run: " + cause;
    return new EngineException(new Problem.Engine(Kind.UNAVAILABLE, message, retry));
  }

  @Override
  public void close() {
    ChildState last;
    Thread thread;
    synchronized (this) {
      last = state;
      thread = starting;
      become(new Closed());
    }
    if (thread != null) {
      thread.interrupt();
    }
    if (last instanceof Running running) {
      end(running);
    }
    if (last instanceof Starting && thread != null) {
      join(thread);
    }
  }

  /** A start that was broken off ends its child before it is over. */
  private static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts a child and waits until it serves. */
  interface Starter {

    LlamaModel model();

    /** A child that has its model loaded. */
    Running start() throws StartFailed, InterruptedException;
  }

  /** A child could not be started; the message says why. */
  static final class StartFailed extends Exception {

    private static final long serialVersionUID = 1L;

    StartFailed(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
