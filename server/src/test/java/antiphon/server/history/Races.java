package antiphon.server.history;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import antiphon.server.history.Observation.Call;
import antiphon.server.history.Observation.Saw;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Clients that cancel a background response in the moment in which it is claimed, while it runs, or
 * in the moment in which it ends; one or two at once. Others ask for it from several sides
 * meanwhile, and when they have been answered.
 */
final class Races implements AutoCloseable {

  private static final int READERS = 4;
  private static final int WATCHERS = 2;
  private static final int BETWEEN_MILLIS = 5;

  /** Of races in which all agree so many are kept for the end; the others would fill memory. */
  private static final int KEPT = 40;

  private final Workload workload;
  private final Client client;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
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
    Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
    int words = moment.words(random);
    String node = workload.node(random) + "/responses";
    Optional<Client.Answer> made =
        client.post(node, Workload.body(words, ",\"background\":true"), null);
    if (made.isEmpty() || made.get().status() != 200) {
      workload.rest(random);
      return;
    }
    String id = Workload.id(made.get());
    LockSupport.parkNanos(moment.nanos(random, words));
    CountDownLatch answered = new CountDownLatch(1);
    List<Future<List<Saw>>> watched = watch(id, answered);
    List<Saw> seen = new ArrayList<>();
    try {
      seen.addAll(cancelAtOnce(id, random));
    } finally {
      answered.countDown();
    }
    boolean cancelled = !seen.isEmpty();
    for (Future<List<Saw>> watcher : watched) {
      seen.addAll(watcher.get());
    }
    if (!cancelled) {
      // It counts among those that are to end all the same.
      workload.acknowledge(id, words);
      return;
    }
    seen.addAll(readAtOnce(id, random));
    if (run.incrementAndGet() % KEPT == 0 || !Checker.agree(seen)) {
      workload.acknowledge(id, words);
      seen.forEach(workload::saw);
    }
  }

  /** Reads from one node after the other while it is being cancelled. */
  private List<Future<List<Saw>>> watch(String id, CountDownLatch answered) {
    List<Future<List<Saw>>> watchers = new ArrayList<>();
    for (int i = 0; i < WATCHERS; i++) {
      int first = i;
      watchers.add(
          callers.submit(() -> {
            List<Saw> seen = new ArrayList<>();
            for (int turn = first; !answered.await(BETWEEN_MILLIS, MILLISECONDS); turn++) {
              String url = workload.node(turn) + "/responses/" + id;
              observed(id, Call.GET, () -> client.get(url)).ifPresent(seen::add);
            }
            return seen;
          }));
    }
    return watchers;
  }

  /** What was answered; nothing if none of them got an answer. */
  private List<Saw> cancelAtOnce(String id, RandomGenerator random) throws Exception {
    List<Callable<Optional<Saw>>> cancels = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      String url = workload.node(random) + "/responses/" + id + "/cancel";
      cancels.add(() -> observed(id, Call.CANCEL, () -> client.post(url, null, null)));
    }
    return allAtOnce(cancels);
  }

  private List<Saw> readAtOnce(String id, RandomGenerator random) throws Exception {
    List<Callable<Optional<Saw>>> reads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      String url = workload.node(random) + "/responses/" + id;
      reads.add(() -> observed(id, Call.GET, () -> client.get(url)));
    }
    return allAtOnce(reads);
  }

  private static Optional<Saw> observed(
      String id, Call call, Callable<Optional<Client.Answer>> answer) throws Exception {
    long start = System.nanoTime();
    return answer
        .call()
        .filter(got -> got.status() == 200)
        .map(got -> new Saw(id, call, start, System.nanoTime(), got.body()));
  }

  private List<Saw> allAtOnce(List<Callable<Optional<Saw>>> calls) throws Exception {
    List<Saw> seen = new ArrayList<>();
    for (Future<Optional<Saw>> call : callers.invokeAll(calls)) {
      call.get().ifPresent(seen::add);
    }
    return seen;
  }

  @Override
  public void close() {
    callers.shutdownNow();
  }

  /** When it is cancelled. */
  private enum Moment {
    CLAIM(16, 20),
    RUN(16, 20),
    END(1, 3);

    private final int fewest;
    private final int spread;

    Moment(int fewest, int spread) {
      this.fewest = fewest;
      this.spread = spread;
    }

    int words(RandomGenerator random) {
      return fewest + random.nextInt(spread);
    }

    /** How long after the create's answer. */
    long nanos(RandomGenerator random, int words) {
      long least = this == END ? (words * CountingEngine.PAUSE_MILLIS - 2) * 1_000_000 : 0;
      long within =
          switch (this) {
            case CLAIM -> 2;
            case RUN -> 60;
            case END -> 10;
          };
      return least + random.nextLong(within * 1_000_000);
    }
  }
}
