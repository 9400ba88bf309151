package antiphon.server.history;

import antiphon.server.history.Observation.Call;
import antiphon.server.history.Observation.Saw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Clients that cancel a background response in the moment in which it is claimed, and ask for it
 * from several sides at once when the cancel has been answered.
 */
final class Races implements AutoCloseable {

  private static final int READERS = 4;

  /** Of races in which all agree so many are kept for the end; the others would fill memory. */
  private static final int KEPT = 40;

  private final Workload workload;
  private final Client client;
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger run = new AtomicInteger();

  Races(Workload workload, Client client) {
    this.workload = workload;
    this.client = client;
  }

  /** How many came to their end. */
  int run() {
    return run.get();
  }

  /** Goes on until the time is over. */
  void run(RandomGenerator random, long until) throws Exception {
    while (System.nanoTime() < until) {
      race(random);
    }
  }

  private void race(RandomGenerator random) throws Exception {
    int words = 16 + random.nextInt(20);
    String node = workload.node(random) + "/responses";
    Optional<Client.Answer> made =
        client.post(node, Workload.body(words, ",\"background\":true"), null);
    if (made.isEmpty() || made.get().status() != 200) {
      workload.rest(random);
      return;
    }
    String id = Workload.id(made.get());
    LockSupport.parkNanos(random.nextLong(Duration.ofMillis(2).toNanos()));
    long start = System.nanoTime();
    Optional<Client.Answer> cancel =
        client.post(workload.node(random) + "/responses/" + id + "/cancel", null, null);
    if (cancel.isEmpty() || cancel.get().status() != 200) {
      // It counts among those that are to end all the same.
      workload.acknowledge(id, words);
      return;
    }
    List<Saw> seen = new ArrayList<>();
    seen.add(new Saw(id, Call.CANCEL, start, System.nanoTime(), cancel.get().body()));
    seen.addAll(readAtOnce(id, random));
    boolean agreed = seen.stream().map(Saw::body).distinct().count() == 1;
    if (run.incrementAndGet() % KEPT == 0 || !agreed) {
      workload.acknowledge(id, words);
      seen.forEach(workload::saw);
    }
  }

  private List<Saw> readAtOnce(String id, RandomGenerator random) throws Exception {
    List<Future<Optional<Saw>>> reads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      String url = workload.node(random) + "/responses/" + id;
      reads.add(
          readers.submit(() -> {
            long start = System.nanoTime();
            return client
                .get(url)
                .filter(got -> got.status() == 200)
                .map(got -> new Saw(id, Call.GET, start, System.nanoTime(), got.body()));
          }));
    }
    List<Saw> seen = new ArrayList<>();
    for (Future<Optional<Saw>> read : reads) {
      read.get().ifPresent(seen::add);
    }
    return seen;
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
