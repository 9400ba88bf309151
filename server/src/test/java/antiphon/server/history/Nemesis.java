package antiphon.server.history;

import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

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
  private final PostgresServer postgres;
  private final RandomGenerator random;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

  /**
   * @param networks each node's way to the database
   */
  Nemesis(
      List<NodeProcess> nodes,
      List<TcpProxy> networks,
      PostgresServer postgres,
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
    Fault[] faults = Fault.values();
    int turn = random.nextInt(faults.length);
    while (System.nanoTime() < until) {
      rest(500, 1500);
      Fault fault = faults[turn++ % faults.length];
      int victim = random.nextInt(nodes.size());
      harm(fault, nodes.get(victim), networks.get(victim));
      done.merge(fault, 1, Integer::sum);
    }
  }

  private void harm(Fault fault, NodeProcess node, TcpProxy network) throws InterruptedException {
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
        network.refuse();
        rest(200, 5000);
        network.flow();
      }
      case STALL -> {
        network.stall();
        rest(200, 5000);
        network.flow();
      }
      case BREAK_CONNECTIONS -> networks.forEach(TcpProxy::cut);
      case RESTART_DATABASE -> {
        postgres.stop();
        rest(0, 500);
        postgres.startAgain();
      }
    }
  }

  /** A while of random length: faults are to meet the clients at any moment. */
  private void rest(int least, int most) throws InterruptedException {
    Thread.sleep(random.nextInt(least, most));
  }
}
