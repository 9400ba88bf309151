package antiphon.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Claimed;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One random schedule: a response of its own, and a few actors that claim, run, cancel, take over,
 * delete and read it at the same time. Afterwards everything they were told must fit together.
 */
final class Schedule {

  private static final Usage USAGE = Usage.of(1, 2);

  private final SplittableRandom random;
  private final ResponseId id;
  private final Queue<EndOutcome> ends = new ConcurrentLinkedQueue<>();
  private final Queue<Long> epochs = new ConcurrentLinkedQueue<>();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<Boolean> deletes = new ConcurrentLinkedQueue<>();
  private final Queue<List<String>> readings = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();

  Schedule(long seed) {
    random = new SplittableRandom(seed);
    // A tenant for itself: so its claims find no other schedule's responses.
    id =
        new ResponseId(
            Owner.account("t" + Long.toHexString(seed)), "resp_" + Long.toHexString(seed));
  }

  /** Plays it, and fails if what was seen cannot be. */
  void play(List<ResponseStore> nodes) throws InterruptedException {
    ResponseStore store = nodes.getFirst();
    store.insert(fresh()).join();
    List<Runnable> actors = new ArrayList<>();
    int count = random.nextInt(2, 6);
    for (int i = 0; i < count; i++) {
      ResponseStore node = nodes.get(i % nodes.size());
      actors.add(actor(node, "actor" + i, random.split()));
    }
    var start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (Runnable actor : actors) {
      threads.add(Thread.startVirtualThread(() -> run(start, actor)));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    check(store);
    // Whatever is left must not be what the next schedule claims.
    var _ = endFromLog(store, "sweeper", ResponseStatus.FAILED);
  }

  private void run(CountDownLatch start, Runnable actor) {
    try {
      start.await();
      actor.run();
    } catch (Throwable e) {
      faults.add(e);
    }
  }

  private Runnable actor(ResponseStore store, String name, SplittableRandom own) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> () -> claimAndRun(store, name, own);
      case 2 -> () -> ends.add(endFromLog(store, name, ResponseStatus.CANCELLED));
      case 3 -> () -> ends.add(endFromLog(store, name, ResponseStatus.FAILED));
      case 4 -> () -> deletes.add(store.delete(id));
      default -> () -> read(store, own);
    };
  }

  private void claimAndRun(ResponseStore store, String name, SplittableRandom own) {
    for (Claimed claimed : store.claim(name, 1, Duration.ZERO)) {
      if (claimed.response().id().equals(id)) {
        epochs.add(claimed.response().epoch());
        // The next one who claims takes the response over at once, and this one does not know.
        store.expire(new RunKey(id, claimed.response().epoch()));
        runOn(store, name, own, claimed.response());
      }
    }
  }

  private void runOn(ResponseStore store, String name, SplittableRandom own, StoredResponse row) {
    RunKey run = new RunKey(id, row.epoch());
    long next = row.nextSequence();
    int appends = own.nextInt(4);
    for (int i = 0; i < appends; i++) {
      int count = own.nextInt(1, 4);
      List<byte[]> events = events(next, count, name);
      if (store.append(new Append(run, next, events, USAGE)).join() == AppendOutcome.FENCED) {
        return;
      }
      events.forEach(event -> acknowledged.add(new String(event, StandardCharsets.UTF_8)));
      next += count;
    }
    Ending ending = ending(run.epoch(), next, name, ResponseStatus.COMPLETED);
    ends.add(store.end(id, ending).join());
  }

  private EndOutcome endFromLog(ResponseStore store, String name, ResponseStatus status) {
    return store.endFromLog(id, log -> ending(0, log.response().nextSequence(), name, status));
  }

  private void read(ResponseStore store, SplittableRandom own) {
    int times = own.nextInt(1, 5);
    for (int i = 0; i < times; i++) {
      LogPage page = store.readLog(id, -1, 1000);
      if (!page.events().isEmpty()) {
        readings.add(texts(page.events()));
      }
    }
  }

  private void check(ResponseStore store) {
    assertThat(faults).as("faults").isEmpty();
    assertThat(epochs).as("epochs claimed").doesNotHaveDuplicates();
    List<Won> winners = ends.stream().filter(Won.class::isInstance).map(Won.class::cast).toList();
    assertThat(winners).as("winners").hasSizeLessThanOrEqualTo(1);
    assertThat(deletes.stream().filter(deleted -> deleted)).as("deletes").hasSizeLessThan(2);
    @Nullable Won won = winners.isEmpty() ? null : winners.getFirst();
    Optional<StoredResponse> kept = store.find(id);
    for (EndOutcome end : ends) {
      if (end instanceof AlreadyTerminal(StoredResponse seen)) {
        assertThat(ended(seen)).usingRecursiveComparison().isEqualTo(won);
        kept.ifPresent(now -> assertThat(seen).usingRecursiveComparison().isEqualTo(now));
      }
    }
    boolean deleted = deletes.contains(true);
    assertThat(kept.isPresent()).as("still there").isEqualTo(!deleted);
    if (won != null && !deleted) {
      assertThat(ended(kept.orElseThrow())).usingRecursiveComparison().isEqualTo(won);
    }
    if (!deleted) {
      checkLog(texts(store.readLog(id, -1, 1000).events()), kept.orElseThrow(), won);
    }
  }

  private static Won ended(StoredResponse response) {
    return new Won(response.status(), Objects.requireNonNull(response.snapshot()));
  }

  private void checkLog(List<String> log, StoredResponse kept, @Nullable Won won) {
    assertThat(log).hasSize((int) kept.nextSequence());
    for (int number = 0; number < log.size(); number++) {
      assertThat(log.get(number)).startsWith("{\"sequence_number\":" + number + ",");
    }
    assertThat(log).as("acknowledged events").containsAll(acknowledged);
    assertThat(log.stream().filter(event -> event.contains("terminal")).count())
        .as("terminal events")
        .isEqualTo(won == null ? 0 : 1);
    if (won != null) {
      assertThat(log.getLast()).contains(new String(won.snapshot(), StandardCharsets.UTF_8));
    }
    for (List<String> reading : readings) {
      assertThat(log.subList(0, reading.size())).as("an earlier reading").isEqualTo(reading);
    }
  }

  private NewResponse fresh() {
    return new NewResponse(
        id,
        Delivery.BACKGROUND,
        1_700_000_000_000L,
        ServiceTier.AUTO,
        "e",
        "m",
        null,
        bytes("{}"),
        bytes("[]"),
        bytes("{}"),
        "",
        Duration.ZERO,
        null,
        events(0, 1, "creator"));
  }

  private static Ending ending(long epoch, long first, String name, ResponseStatus status) {
    String snapshot = "[" + status + " by " + name + "]";
    byte[] terminal =
        bytes("{\"sequence_number\":" + first + ",\"terminal\":\"" + snapshot + "\"}");
    return new Ending(
        epoch, first, List.of(terminal), status, 1_700_000_000_001L, USAGE, bytes(snapshot), 0);
  }

  private static List<byte[]> events(long first, int count, String name) {
    List<byte[]> events = new ArrayList<>();
    for (long number = first; number < first + count; number++) {
      events.add(bytes("{\"sequence_number\":" + number + ",\"by\":\"" + name + "\"}"));
    }
    return events;
  }

  private static List<String> texts(List<byte[]> events) {
    return events.stream().map(e -> new String(e, StandardCharsets.UTF_8)).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
