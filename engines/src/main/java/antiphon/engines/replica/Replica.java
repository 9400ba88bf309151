package antiphon.engines.replica;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.upstream.Probed;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the servers that run the same models: how busy it is, and whether it is well. One that
 * fails again and again is left out; it is asked now and then whether it is back, and no client's
 * request is used for that.
 */
final class Replica implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final int LOOKED_AT = 10;
  private static final int LEAST_CALLS = 3;

  private final int number;
  private final Engine engine;
  private final Probed probed;
  private final CircuitBreaker breaker;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicBoolean probing = new AtomicBoolean();

  /**
   * @param number tells the replicas of one engine apart
   * @param leftOut how long one that fails is left alone until it is asked
   */
  Replica(int number, Engine engine, Probed probed, Duration leftOut) {
    this.number = number;
    this.engine = engine;
    this.probed = probed;
    this.breaker =
        CircuitBreaker.of(
            engine.name() + "#" + number,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(LOOKED_AT)
                .minimumNumberOfCalls(LEAST_CALLS)
                .failureRateThreshold(50)
                .waitDurationInOpenState(leftOut)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
  }

  int number() {
    return number;
  }

  Engine engine() {
    return engine;
  }

  int outstanding() {
    return outstanding.get();
  }

  /** Whether it is to be given work. One that may be back is asked, in the background. */
  boolean well() {
    boolean well = breaker.getState() == CircuitBreaker.State.CLOSED;
    if (!well && probing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("probe of " + breaker.getName()).start(this::probe);
    }
    return well;
  }

  private void probe() {
    try {
      breaker.acquirePermission();
      ask();
    } catch (CallNotPermittedException _) {
      LOG.trace("{} is left alone for a while", breaker.getName());
    } finally {
      probing.set(false);
    }
  }

  private void ask() {
    long begin = System.nanoTime();
    try {
      probed.probe();
      breaker.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
      LOG.info("{} is back", breaker.getName());
    } catch (EngineException e) {
      breaker.onError(System.nanoTime() - begin, TimeUnit.NANOSECONDS, e);
    } catch (InterruptedException _) {
      breaker.releasePermission();
    }
  }

  /** A turn begins here; {@link Work#close} ends it. */
  Work begin() {
    outstanding.incrementAndGet();
    return new Work();
  }

  /** Whether the server is to blame, and another one may do better. */
  static boolean sick(Problem problem) {
    return problem instanceof Problem.Engine engine && engine.kind() != Kind.RATE_LIMITED;
  }

  @Override
  public void close() {
    engine.close();
  }

  /** A turn under way. */
  final class Work implements AutoCloseable {
    private final long begin = System.nanoTime();

    private Work() {}

    void succeeded() {
      breaker.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    void failed(EngineException problem) {
      if (sick(problem.problem())) {
        breaker.onError(System.nanoTime() - begin, TimeUnit.NANOSECONDS, problem);
      } else {
        succeeded();
      }
    }

    @Override
    public void close() {
      outstanding.decrementAndGet();
    }
  }
}
