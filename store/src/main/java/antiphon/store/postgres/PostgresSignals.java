package antiphon.store.postgres;

import antiphon.core.health.Complaints;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.Signals;
import antiphon.store.signals.Outbox;
import antiphon.store.signals.SignalCodec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by LISTEN and NOTIFY, on two connections of their own. This node's listeners are told at
 * once; for the others signals are collected and sent together, at most two hundred times a second,
 * the same signal once. While the database cannot be reached what is to be sent waits, up to a
 * bound; what others say is lost.
 */
public final class PostgresSignals implements Signals {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);
  private static final String CHANNEL = "antiphon";
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration RECONNECT = Duration.ofMillis(500);
  private static final int LISTEN_MILLIS = 5_000;

  private final PostgresUrl url;
  private final String self = UUID.randomUUID().toString();
  private final LocalSignals here = new LocalSignals();
  private final Outbox outbox = new Outbox();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads;
  private volatile boolean closed;

  private PostgresSignals(PostgresUrl url) {
    this.url = url;
    this.threads =
        List.of(
            Thread.ofPlatform().daemon().name("antiphon-notify").unstarted(this::send),
            Thread.ofPlatform().daemon().name("antiphon-listen").unstarted(this::listen));
  }

  /**
   * Begins to listen; connects by and by.
   *
   * @param url as for {@link PostgresOptions}
   */
  public static PostgresSignals open(String url) {
    var signals = new PostgresSignals(PostgresUrl.parse(url));
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
    keepConnected(connection -> {
      try (Statement setting = connection.createStatement()) {
        // A signal need not survive a crash: its commit does not wait for the disk.
        setting.execute("SET synchronous_commit = off");
      }
      try (PreparedStatement notify =
          connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
        while (!closed) {
          List<Signal> signals = outbox.take();
          try {
            for (String payload : SignalCodec.encode(self, signals)) {
              notify.setString(1, payload);
              notify.execute();
            }
          } catch (SQLException e) {
            outbox.putBack(signals);
            throw e;
          }
          Thread.sleep(PAUSE);
        }
      }
    });
  }

  private void listen() {
    keepConnected(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("LISTEN " + CHANNEL);
        // What was said meanwhile was not heard: have everybody look at the queue.
        here.publish(new Signal.Queue());
        while (!closed) {
          if (!hear(connection.unwrap(PGConnection.class).getNotifications(LISTEN_MILLIS))) {
            // A connection that is dead without a sign is found by asking something.
            statement.execute("SELECT 1");
          }
        }
      }
    });
  }

  private boolean hear(PGNotification @Nullable [] notifications) {
    if (notifications == null || notifications.length == 0) {
      return false;
    }
    for (PGNotification notification : notifications) {
      SignalCodec.decode(self, notification.getParameter()).forEach(here::publish);
    }
    return true;
  }

  /** Works on a connection until it breaks, then on the next. */
  private interface Work {
    void on(Connection connection) throws SQLException, InterruptedException;
  }

  private void keepConnected(Work work) {
    while (!closed) {
      try (Connection connection = DriverManager.getConnection(url.jdbc(), Pools.properties(url))) {
        workOn(connection, work);
      } catch (SQLException e) {
        complain("signals are not connected: " + e.getMessage());
        pause();
      } catch (InterruptedException e) {
        closed = true;
      } catch (RuntimeException | Error e) {
        // It goes on, whatever it was: without it every signal would wait for a heartbeat.
        Complaints.error(LOG, "signals", "signals failed and go on", e);
        pause();
      }
    }
  }

  private void workOn(Connection connection, Work work) throws SQLException, InterruptedException {
    connections.add(connection);
    try {
      if (!closed) {
        work.on(connection);
      }
    } finally {
      connections.remove(connection);
    }
  }

  private void complain(String message) {
    if (!closed) {
      Complaints.warn(LOG, "signals", message);
    }
  }

  private void pause() {
    try {
      Thread.sleep(RECONNECT);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    here.close();
    threads.forEach(Thread::interrupt);
    connections.forEach(PostgresSignals::abort);
  }

  /** A thread that waits for the network hears no interrupt. */
  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("signals: {}", e.getMessage());
    }
  }
}
