package antiphon.server.history;

import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Nodes, clients, and trouble, once. */
final class Trial implements AutoCloseable {

  /** Where responses are kept. */
  enum Kept {
    /** In a file, by one node. */
    SQLITE,

    /** In a database, by three. */
    POSTGRES
  }

  private static final long LEASE_MILLIS = 2_000;
  private static final int NODES = 3;
  private static final int CLIENTS = 16;
  private static final int RACERS = 12;
  private static final String KEY = "sk-history-0123456789";

  private final Random random;
  private final @Nullable PostgresServer postgres;
  private final List<TcpProxy> networks = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Client client = new Client(KEY);
  private final Workload workload;
  private final Races races;
  private final Nemesis nemesis;
  private final List<Final> finals = new ArrayList<>();

  /**
   * @param folder an empty one, for the database and what the nodes say
   * @param seed decides what clients and faults do
   * @param bug which seeded bug the nodes have
   */
  Trial(Path folder, Kept kept, long seed, Bug bug) throws Exception {
    random = new Random(seed);
    postgres =
        switch (kept) {
          case SQLITE -> {
            nodes.add(node(folder.toString(), folder, bug));
            yield null;
          }
          case POSTGRES -> {
            var server = new PostgresServer(folder);
            String database = server.database();
            for (int i = 0; i < NODES; i++) {
              TcpProxy network = new TcpProxy(server.port());
              networks.add(network);
              nodes.add(node(PostgresServer.url(network.port(), database), folder, bug));
            }
            yield server;
          }
        };
    workload = new Workload(client, nodes.stream().map(NodeProcess::url).toList());
    races = new Races(workload, client);
    nemesis = new Nemesis(nodes, networks, postgres, new Random(random.nextLong()));
  }

  private NodeProcess node(String where, Path folder, Bug bug) {
    return new NodeProcess(
        where, LEASE_MILLIS, KEY, folder.resolve("node" + nodes.size() + ".log"), bug);
  }

  void run(int seconds, boolean trouble) throws Exception {
    awaitNodes();
    long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random own = new Random(random.nextLong());
        clients.add(
            threads.submit(() -> {
              workload.run(own, until);
              return null;
            }));
      }
      for (int i = 0; i < RACERS; i++) {
        Random own = new Random(random.nextLong());
        clients.add(
            threads.submit(() -> {
              races.run(own, until);
              return null;
            }));
      }
      if (trouble) {
        nemesis.run(until);
      }
      for (Future<?> one : clients) {
        one.get();
      }
    }
    awaitNodes();
    finals.clear();
    for (var made : workload.acknowledged().entrySet()) {
      finals.add(last(made.getKey(), made.getValue()));
    }
  }

  private void awaitNodes() throws InterruptedException {
    for (NodeProcess node : nodes) {
      answer(node.url() + "/models", "");
    }
  }

  private Final last(String id, int words) throws InterruptedException {
    List<String> bodies = new ArrayList<>();
    for (NodeProcess node : nodes) {
      bodies.add(answer(node.url() + "/responses/" + id, "\"completed_at\":null"));
    }
    String stream = nodes.getFirst().url() + "/responses/" + id + "?stream=true";
    return new Final(id, words, bodies, client.events(stream));
  }

  /** What a node answers in the end; for half a minute it may be down, or say this. */
  private String answer(String url, String notYet) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    String body = "no answer";
    while (System.nanoTime() < deadline) {
      Optional<Client.Answer> got = client.get(url);
      if (got.isPresent() && got.get().status() == 200) {
        body = got.get().body();
        if (notYet.isEmpty() || !body.contains(notYet)) {
          return body;
        }
      }
      Thread.sleep(20);
    }
    return body;
  }

  List<Final> finals() {
    return finals;
  }

  List<String> violations() {
    return Checker.check(workload.history(), finals);
  }

  String summary() {
    long cancelled =
        finals.stream().filter(end -> end.bodies().getFirst().contains("cancelled\"")).count();
    return finals.size()
        + " responses ("
        + cancelled
        + " cancelled), "
        + workload.history().size()
        + " observations, "
        + races.run()
        + " races, 500 answered "
        + workload.serverErrors()
        + " times; "
        + nemesis.done();
  }

  @Override
  public void close() {
    races.close();
    client.close();
    nodes.forEach(NodeProcess::close);
    networks.forEach(TcpProxy::close);
    if (postgres != null) {
      postgres.close();
    }
  }
}
