package antiphon.store.redis;

import antiphon.core.health.Complaints;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.Signals;
import antiphon.store.signals.Outbox;
import antiphon.store.signals.SignalCodec;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by publish and subscribe of Redis or Valkey, for clusters that signal more than a
 * database likes to be notified. This node's listeners are told at once; for the others signals are
 * collected while the ones before are on their way, the same signal once. Nothing is stored there.
 */
public final class RedisSignals implements Signals {

  private static final Logger LOG = LoggerFactory.getLogger(RedisSignals.class);
  private static final String CHANNEL = "antiphon";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long RECONNECT_MILLIS = 500;
  private static final long ALIVE_SECONDS = 5;

  private final RedisURI uri;
  private final RedisClient client;
  private final String self = UUID.randomUUID().toString();
  private final LocalSignals here = new LocalSignals();
  private final Outbox outbox = new Outbox();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Thread> threads;

  private RedisSignals(RedisURI uri) {
    this.uri = uri;
    this.client = RedisClient.create();
    client.setOptions(
        ClientOptions.builder()
            // What cannot be sent now is kept in the outbox, which has a bound.
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .timeoutOptions(TimeoutOptions.enabled(PATIENCE))
            .build());
    this.threads =
        List.of(
            Thread.ofPlatform().daemon().name("antiphon-publish").unstarted(this::send),
            Thread.ofPlatform().daemon().name("antiphon-subscribe").unstarted(this::listen));
  }

  /**
   * Begins to listen; connects by and by.
   *
   * @param url {@code redis://[user:password@]host[:port]}, or {@code rediss://} for TLS
   * @throws IllegalArgumentException if it is none; the message holds no password
   */
  public static RedisSignals open(String url) {
    RedisURI uri;
    try {
      uri = RedisURI.create(url);
    } catch (RuntimeException _) {
      throw new IllegalArgumentException("a Redis address begins with redis:// and a host");
    }
    uri.setTimeout(PATIENCE);
    RedisSignals signals = new RedisSignals(uri);
    signals.threads.forEach(Thread::start);
    return signals;
  }

  @Override
  public void publish(Signal signal) {
    here.publish(signal);
    outbox.add(signal);
  }

  @Override
  public Subscription subscribe(Consumer<Signal> listener) {
    return here.subscribe(listener);
  }

  private void send() {
    keepConnected(() -> {
      try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
        while (connection.isOpen()) {
          List<Signal> signals = outbox.take();
          try {
            for (String payload : SignalCodec.encode(self, signals)) {
              connection.sync().publish(CHANNEL, payload);
            }
          } catch (RedisException e) {
            outbox.putBack(signals);
            throw e;
          }
        }
      }
    });
  }

  private void listen() {
    keepConnected(() -> {
      try (StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub(uri)) {
        connection.addListener(new Ear());
        // Subscribes again by itself after a broken connection.
        connection.sync().subscribe(CHANNEL);
        while (!closed.await(ALIVE_SECONDS, TimeUnit.SECONDS)) {
          // A connection that is dead without a sign is found by asking something.
          connection.sync().ping();
        }
      }
    });
  }

  /** Works until the connection breaks for good, then once more. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private void keepConnected(Work work) {
    try {
      while (closed.getCount() > 0) {
        try {
          work.run();
        } catch (RuntimeException | Error e) {
          // It goes on, whatever it was: without it every signal would wait for a heartbeat.
          if (closed.getCount() > 0) {
            Complaints.warn(LOG, "signals", "signals are not connected: " + e);
          }
          var _ = closed.await(RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    here.close();
    threads.forEach(Thread::interrupt);
    client.shutdown(Duration.ZERO, PATIENCE);
  }

  private final class Ear extends RedisPubSubAdapter<String, String> {
    @Override
    public void message(String channel, String payload) {
      SignalCodec.decode(self, payload).forEach(here::publish);
    }

    /** What was said meanwhile was not heard: have everybody look at the queue. */
    @Override
    public void subscribed(String channel, long count) {
      here.publish(new Signal.Queue());
    }
  }
}
