package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.Signals.Signal;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Signals between nodes. */
final class PostgresSignalsTest {

  @Test
  void everyNodeHears() throws Exception {
    try (PostgresSignals one = PostgresSignals.open(Server.url());
        PostgresSignals two = PostgresSignals.open(Server.url())) {
      Queue<Signal> there = heardBy(two);
      awaitListening(2);
      Signal ping = new Signal.Changed("resp_ping");
      Await.until(
          "the other to hear",
          () -> {
            one.publish(ping);
            return there.contains(ping);
          });
      there.clear();

      one.publish(new Signal.Cancel("resp_1"));
      one.publish(new Signal.Changed("resp_2"));
      one.publish(new Signal.Queue());

      Await.until("three signals", () -> there.contains(new Signal.Queue()));
      assertThat(there)
          .filteredOn(signal -> !signal.equals(ping))
          .containsExactly(
              new Signal.Cancel("resp_1"), new Signal.Changed("resp_2"), new Signal.Queue());
    }
  }

  @Test
  void oneIsToldOfItsOwnSignalsAtOnceAndOnce() throws Exception {
    try (PostgresSignals one = PostgresSignals.open(Server.url());
        PostgresSignals two = PostgresSignals.open(Server.url())) {
      awaitListening(2);
      Queue<Signal> here = heardBy(one);
      Queue<Signal> there = heardBy(two);

      one.publish(new Signal.Changed("resp_1"));
      assertThat(here).containsExactly(new Signal.Changed("resp_1"));
      Await.until("the other to hear", () -> !there.isEmpty());
      two.publish(new Signal.Changed("resp_end"));
      Await.until("the echo's time to be over", () -> here.size() > 1);
      assertThat(here)
          .containsExactly(new Signal.Changed("resp_1"), new Signal.Changed("resp_end"));
    }
  }

  @Test
  void thousandsAreSentTogether() throws Exception {
    try (PostgresSignals one = PostgresSignals.open(Server.url());
        PostgresSignals two = PostgresSignals.open(Server.url())) {
      awaitListening(2);
      Queue<Signal> there = heardBy(two);
      for (int i = 0; i < 20_000; i++) {
        one.publish(new Signal.Changed("resp_" + i % 2_000));
      }
      one.publish(new Signal.Queue());

      Await.until("the last", () -> there.contains(new Signal.Queue()));
      assertThat(there.stream().distinct()).hasSize(2_001);
      assertThat(there).hasSizeLessThan(20_000);
    }
  }

  @Test
  void itListensAgainAfterABreak() throws Exception {
    try (TcpProxy proxy = Server.proxy();
        PostgresSignals one = PostgresSignals.open(Server.url());
        PostgresSignals two =
            PostgresSignals.open("postgresql://postgres@127.0.0.1:" + proxy.port() + "/postgres")) {
      Queue<Signal> there = heardBy(two);
      awaitListening(2);
      proxy.refuse();
      one.publish(new Signal.Changed("lost"));
      proxy.flow();

      Await.until("a look after the break", () -> there.contains(new Signal.Queue()));
      Await.until(
          "signals to come again",
          () -> {
            one.publish(new Signal.Changed("found"));
            return there.contains(new Signal.Changed("found"));
          });
    }
  }

  @Test
  void aSignalArrivesWithinMilliseconds() throws Exception {
    try (PostgresSignals one = PostgresSignals.open(Server.url());
        PostgresSignals two = PostgresSignals.open(Server.url())) {
      awaitListening(2);
      Queue<Signal> there = heardBy(two);
      long[] nanos = new long[50];
      for (int i = 0; i < nanos.length; i++) {
        var signal = new Signal.Cancel("resp_" + i);
        long before = System.nanoTime();
        one.publish(signal);
        while (!there.contains(signal)) {
          LockSupport.parkNanos(100_000);
        }
        nanos[i] = System.nanoTime() - before;
        LockSupport.parkNanos(10_000_000);
      }
      Arrays.sort(nanos);
      System.out.printf("signal across nodes: p50 %.1f ms%n", nanos[25] / 1e6);
      assertThat(nanos[25]).isLessThan(50_000_000);
    }
  }

  @Test
  void signalsSurviveTheirCode() {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      signals.add(new Signal.Changed("resp_0mwswziz0o3m5qdbhp3s9407e0b" + i));
      signals.add(new Signal.Cancel("resp-" + i));
      signals.add(new Signal.Queue());
    }
    List<String> payloads = SignalCodec.encode("me", signals);

    assertThat(payloads).allSatisfy(p -> assertThat(p.length()).isLessThan(8_000));
    assertThat(payloads.stream().flatMap(p -> SignalCodec.decode("you", p).stream()))
        .isEqualTo(signals);
    assertThat(payloads.stream().flatMap(p -> SignalCodec.decode("me", p).stream())).isEmpty();
    assertThat(SignalCodec.decode("me", "you\n\nznew\nq")).containsExactly(new Signal.Queue());
  }

  private static Queue<Signal> heardBy(PostgresSignals signals) {
    Queue<Signal> heard = new ConcurrentLinkedQueue<>();
    var _ = signals.subscribe(heard::add);
    return heard;
  }

  private static void awaitListening(int nodes) {
    Await.until("everybody to listen", () -> listening() >= nodes);
  }

  private static int listening() {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE application_name = 'antiphon' AND query = 'LISTEN antiphon'"
                    + " AND state = 'idle'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
