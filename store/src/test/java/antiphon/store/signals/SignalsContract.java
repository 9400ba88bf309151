package antiphon.store.signals;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.Signals;
import antiphon.core.store.Signals.Signal;
import antiphon.testkit.store.TcpProxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every way of signalling must do. Signals may be lost, and nobody says when a node begins to
 * hear: so each test first repeats a probe until the other side hears it.
 */
public abstract class SignalsContract {

  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final AtomicInteger PROBES = new AtomicInteger();

  private final List<AutoCloseable> opened = new ArrayList<>();
  private TcpProxy network;
  private Ear one;
  private Ear other;

  /** Where the server is. */
  protected abstract int port();

  /** A node's signals, by way of this port. */
  protected abstract Signals open(int port);

  @BeforeEach
  void openBoth() throws Exception {
    network = new TcpProxy(port());
    opened.add(network);
    one = new Ear(open(port()));
    other = new Ear(open(network.port()));
  }

  @AfterEach
  void closeAll() throws Exception {
    one.signals.close();
    other.signals.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void theOtherNodeHears() {
    link();
    List<Signal> said =
        List.of(new Signal.Queue(), new Signal.Changed("resp_1"), new Signal.Cancel("resp_2"));
    said.forEach(one.signals::publish);
    assertThat(one.heard).as("at once, and once").containsAll(said);
    await(() -> other.heard.containsAll(said));
    assertThat(one.heard.stream().filter(new Signal.Cancel("resp_2")::equals)).hasSize(1);
  }

  @Test
  void manyAtOnceAllArrive() {
    link();
    Set<Signal> said = new HashSet<>();
    for (int i = 0; i < 3_000; i++) {
      said.add(new Signal.Changed("resp_with_a_long_name_" + i));
    }
    said.forEach(one.signals::publish);
    await(() -> new HashSet<>(other.heard).containsAll(said));
  }

  @Test
  void theSameManyTimesIsToldAFewTimes() {
    link();
    Signal same = new Signal.Changed("same");
    for (int i = 0; i < 20_000; i++) {
      one.signals.publish(same);
    }
    await(() -> other.heard.contains(same));
    link();
    assertThat(other.heard.stream().filter(same::equals).count()).isBetween(1L, 5_000L);
  }

  @Test
  void afterABreakItLooksByItself() {
    link();
    other.heard.clear();
    network.cut();
    await(() -> other.heard.contains(new Signal.Queue()));
    link();
    one.heard.clear();
    Signal back = new Signal.Changed("back");
    await(() -> {
      other.signals.publish(back);
      return one.heard.contains(back);
    });
  }

  @Test
  void whatIsNotThereDisturbsNobody() {
    network.refuse();
    long start = System.nanoTime();
    for (int i = 0; i < 200_000; i++) {
      other.signals.publish(new Signal.Changed("resp_" + i));
    }
    assertThat(System.nanoTime() - start).isLessThan(LIMIT_NANOS / 4);
    assertThat(other.heard).hasSizeGreaterThanOrEqualTo(200_000);
    network.flow();
    link();
  }

  @Test
  void aListenerThatFailsIsAloneWithIt() {
    var _ =
        other.signals.subscribe(signal -> {
          throw new IllegalStateException("on purpose");
        });
    link();
  }

  @Test
  void closingLeavesNoConnection() {
    link();
    assertThat(network.connections()).isPositive();
    other.signals.close();
    await(() -> network.connections() == 0);
    other.signals.publish(new Signal.Queue());
  }

  /** Waits until the other node hears the first one. */
  private void link() {
    Signal probe = new Signal.Changed("probe_" + PROBES.incrementAndGet());
    await(() -> {
      one.signals.publish(probe);
      return other.heard.contains(probe);
    });
  }

  private static void await(BooleanSupplier so) {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (!so.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** A node, and what it has heard. */
  private static final class Ear {
    private final Signals signals;
    private final Queue<Signal> heard = new ConcurrentLinkedQueue<>();

    Ear(Signals signals) {
      this.signals = signals;
      var _ = signals.subscribe(heard::add);
    }
  }
}
