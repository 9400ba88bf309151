package antiphon.store.sql;

import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Figures of a store: started by hand, prints a table. */
public final class StoreBench {

  private static final Owner OWNER = Owner.account("bench");
  private static final Duration LEASE = Duration.ofHours(1);
  private static final long RUN_NANOS = Duration.ofSeconds(2).toNanos();
  private static final byte[] EVENT =
      ("{\"type\":\"response.output_text.delta\",\"sequence_number\":1234,\"item_id\":\"msg_"
              + "0mwswziz0o3m5qdbhp3s9407e0bero000\",\"output_index\":0,\"content_index\":0,"
              + "\"delta\":\" token\",\"logprobs\":[]}")
          .getBytes(StandardCharsets.UTF_8);

  private final ResponseStore store;
  private final Ids ids = new Ids(InstantSource.system());

  public StoreBench(ResponseStore store) {
    this.store = store;
  }

  /**
   * Measures everything once to warm up and once to be printed; with {@code -Dpurge=true} the
   * removal of old logs alone.
   */
  public void run() throws InterruptedException {
    if (Boolean.getBoolean("purge")) {
      purge(200, false);
      purge(2000, true);
      return;
    }
    for (boolean print : List.of(false, true)) {
      for (int writers : List.of(1, 8, 64, 512)) {
        for (int events : List.of(1, 4)) {
          appends(writers, events, print);
        }
      }
      lives(64, print);
      chain(500, print);
      heartbeat(print ? 10_000 : 1000, print);
      purge(print ? 2000 : 200, print);
    }
  }

  /** Logs of many appends each, removed as they grow old: in batches of the usual and of more. */
  private void purge(int responses, boolean print) {
    for (int batch : List.of(200, 10_000)) {
      for (int i = 0; i < responses; i++) {
        RunKey run = new RunKey(insert(null), 1);
        List<CompletableFuture<AppendOutcome>> appends = new ArrayList<>();
        for (int n = 0; n < 50; n++) {
          appends.add(store.append(new Append(run, n, List.of(EVENT), Usage.ZERO)));
        }
        appends.forEach(CompletableFuture::join);
        var last =
            new Ending(
                1,
                50,
                List.of(EVENT),
                ResponseStatus.COMPLETED,
                1,
                Usage.ZERO,
                new byte[] {' '},
                0);
        store.end(run.id(), last).join();
      }
      Retention now = new Retention(Duration.ofMillis(1), Duration.ofMillis(1));
      long began = System.nanoTime();
      long longest = 0;
      while (true) {
        long before = System.nanoTime();
        if (store.purge(now, batch) <= 0) {
          break;
        }
        longest = Math.max(longest, System.nanoTime() - before);
      }
      if (print) {
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
            "purge by %d: %.0f log rows/s, %.0f ms at most at a time%n",
            batch, responses * 50 / seconds, longest / 1e6);
      }
    }
  }

  /** All that a busy node runs, at once. */
  private void heartbeat(int runs, boolean print) {
    List<RunKey> running = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      running.add(new RunKey(insert(null), 1));
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = System.nanoTime();
      if (!store.heartbeat("n1", running, LEASE).isEmpty()) {
        throw new IllegalStateException("a run was lost");
      }
      best = Math.min(best, System.nanoTime() - before);
    }
    if (print) {
      System.out.printf("a heartbeat of %d runs: %.0f ms%n", runs, best / 1e6);
    }
  }

  /** Writers that append and wait, each to a response of its own. */
  private void appends(int writers, int eventsEach, boolean print) throws InterruptedException {
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < eventsEach; i++) {
      events.add(EVENT);
    }
    List<ResponseId> responses = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      responses.add(insert(null));
    }
    var latencies = new ConcurrentLinkedQueue<long[]>();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (ResponseId id : responses) {
      threads.add(
          Thread.startVirtualThread(
              () -> latencies.add(appendUntil(start + RUN_NANOS, id, events))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long used = cpuNanos() - cpu;
    long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    if (print) {
      System.out.printf(
          "%4d writers x %d events: %7.0f appends/s %8.0f events/s  p50 %.2f ms  p99 %.2f ms"
              + "  CPU here %.0f us an append%n",
          writers,
          eventsEach,
          all.length / seconds,
          all.length * eventsEach / seconds,
          all[all.length / 2] / 1e6,
          all[(int) (all.length * 0.99)] / 1e6,
          used / 1e3 / all.length);
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private long[] appendUntil(long deadline, ResponseId id, List<byte[]> events) {
    var run = new RunKey(id, 1);
    long[] latencies = new long[1 << 12];
    int count = 0;
    long before = System.nanoTime();
    while (before < deadline) {
      long first = (long) count * events.size();
      if (store.append(new Append(run, first, events, Usage.ZERO)).join() != AppendOutcome.DONE) {
        throw new IllegalStateException("fenced");
      }
      long after = System.nanoTime();
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, count * 2);
      }
      latencies[count++] = after - before;
      before = after;
    }
    return Arrays.copyOf(latencies, count);
  }

  /** Whole foreground lives: one insert, one end. */
  private void lives(int writers, boolean print) throws InterruptedException {
    long start = System.nanoTime();
    var counts = new ConcurrentLinkedQueue<Integer>();
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            int count = 0;
            while (System.nanoTime() < start + RUN_NANOS) {
              end(insert(null));
              count++;
            }
            counts.add(count);
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (print) {
      int all = counts.stream().mapToInt(Integer::intValue).sum();
      System.out.printf("%d writers: %.0f insert+end/s%n", writers, all / (RUN_NANOS / 1e9));
    }
  }

  private void chain(int turns, boolean print) {
    @Nullable ResponseId last = null;
    for (int i = 0; i < turns; i++) {
      last = insert(last == null ? null : last.value());
      end(last);
    }
    long best = Long.MAX_VALUE;
    List<ChainLink> links = List.of();
    for (int i = 0; i < 20; i++) {
      long before = System.nanoTime();
      links = last == null ? List.of() : ((Chain.Links) store.chain(last, Long.MAX_VALUE)).links();
      best = Math.min(best, System.nanoTime() - before);
    }
    if (print) {
      System.out.printf("a chain of %d turns: %.2f ms%n", links.size(), best / 1e6);
    }
  }

  private ResponseId insert(@Nullable String previous) {
    var id = new ResponseId(OWNER, ids.response());
    byte[] body = new byte[400];
    Arrays.fill(body, (byte) ' ');
    store
        .insert(
            new NewResponse(
                id,
                Delivery.AT_ITS_END,
                System.currentTimeMillis(),
                ServiceTier.AUTO,
                "e",
                "m",
                previous,
                body,
                body,
                "{}".getBytes(StandardCharsets.UTF_8),
                "n1",
                LEASE,
                null,
                List.of()))
        .join();
    return id;
  }

  private void end(ResponseId id) {
    byte[] snapshot = new byte[2000];
    Arrays.fill(snapshot, (byte) ' ');
    List<byte[]> log = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      log.add(EVENT);
    }
    var ending = new Ending(1, 0, log, ResponseStatus.COMPLETED, 1, Usage.ZERO, snapshot, 0);
    store.end(id, ending).join();
  }
}
