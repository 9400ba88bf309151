package antiphon.server.history;

import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does to the nodes and their database what happens to nodes and databases, one at a time. */
final class Nemesis {

  /** What it does. */
  enum Fault {
    KILL,
    KILL_ALL,
    PAUSE,
    CUT,
    STALL,
    BREAK_CONNECTIONS,
    RESTART_DATABASE
  }

  private final List<NodeProcess> nodes;
  private final List<TcpProxy> networks;
  private final @Nullable PostgresServer postgres;
  private final RandomGenerator random;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

  /**
   * @param networks each node's way to the database, if there is one between them
   * @param postgres the database; null where a node has its own
   */
  Nemesis(
      List<NodeProcess> nodes,
      List<TcpProxy> networks,
      @Nullable PostgresServer postgres,
      RandomGenerator random) {
    this.nodes = nodes;
    this.networks = networks;
    this.postgres = postgres;
    this.random = random;
  }

  /** How often it did what. */
  Map<Fault, Integer> done() {
    return done;
  }

  /** Goes on until the time is over; then all is as it was. */
  void run(long until) throws InterruptedException {
    List<Fault> faults =
        postgres == null ? List.of(Fault.KILL, Fault.PAUSE) : List.of(Fault.values());
    int turn = random.nextInt(faults.size());
    while (System.nanoTime() < until) {
      // A node that is alone has to come up and work for a while between its deaths.
      rest(nodes.size() > 1 ? 500 : 3000, nodes.size() > 1 ? 1500 : 6000);
      Fault fault = faults.get(turn++ % faults.size());
      int victim = random.nextInt(nodes.size());
      harm(fault, victim);
      done.merge(fault, 1, Integer::sum);
    }
  }

  private void harm(Fault fault, int victim) throws InterruptedException {
    NodeProcess node = nodes.get(victim);
    switch (fault) {
      case KILL -> {
        node.kill();
        rest(100, 3000);
        node.start();
      }
      case KILL_ALL -> {
        for (NodeProcess each : nodes) {
          each.kill();
        }
        nodes.forEach(NodeProcess::start);
        rest(2000, 3000);
      }
      case PAUSE -> {
        node.pause();
        rest(200, 5000);
        node.resume();
      }
      case CUT -> {
        networks.get(victim).refuse();
        rest(200, 5000);
        networks.get(victim).flow();
      }
      case STALL -> {
        networks.get(victim).stall();
        rest(200, 5000);
        networks.get(victim).flow();
      }
      case BREAK_CONNECTIONS -> networks.forEach(TcpProxy::cut);
      case RESTART_DATABASE -> {
        PostgresServer database = Objects.requireNonNull(postgres);
        database.stop();
        rest(0, 500);
        database.startAgain();
      }
    }
  }

  /** A while of random length: faults are to meet the clients at any moment. */
  private void rest(int least, int most) throws InterruptedException {
    Thread.sleep(random.nextInt(least, most));
  }
}
