package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.Transition;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.RunKey;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * A run that writes, a cancel, another node, and readers of one log, in ten thousand random orders.
 * One order again: {@code -Dantiphon.seed=…}.
 */
@SuppressWarnings("ThreadPriorityCheck") // Yielding is how an order is shuffled.
class LiveLogSchedulesTest {

  private static final List<Delivery> DELIVERIES = List.of(Delivery.values());
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void oneTruthInEveryOrder() throws Exception {
    play(10_000, true);
  }

  @Test
  void aStoreWithoutItsGuardIsFound() {
    assertThatThrownBy(() -> play(10_000, false)).isInstanceOf(AssertionError.class);
  }

  private static void play(int count, boolean guarded) throws Exception {
    String given = System.getProperty("antiphon.seed");
    long first = given == null ? new Random().nextLong() >>> 16 : Long.parseLong(given);
    System.out.println("LiveLogSchedulesTest: from seed " + first);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long seed = first; seed < first + (given == null ? count : 1); seed++) {
        try {
          new Schedule(seed, guarded).play(threads);
        } catch (AssertionError e) {
          throw new AssertionError("-Dantiphon.seed=" + seed + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** One order. */
  private static final class Schedule {
    private final Random random;
    private final FakeRow row;
    private final LiveLog log;

    Schedule(long seed, boolean guarded) {
      random = new Random(seed);
      row = new FakeRow(guarded, random.nextInt(30));
      RunKey run = new RunKey(Logs.ID, 1);
      Delivery delivery = DELIVERIES.get(random.nextInt(DELIVERIES.size()));
      log =
          new LiveLog(
              new LogSink.Stored(row.store(), new LocalSignals(), run, delivery), Logs.state());
    }

    void play(ExecutorService threads) throws Exception {
      int words = random.nextInt(20);
      List<Callable<Outcome>> enders = new ArrayList<>();
      enders.add(() -> write(words));
      int delay = random.nextInt(40);
      if (random.nextInt(4) > 0) {
        enders.add(() -> after(delay, () -> log.end(new Transition.Cancel())));
      }
      int elsewhere = random.nextInt(40);
      int what = random.nextInt(6);
      Future<?> other = threads.submit(() -> after(elsewhere, () -> row.elsewhere(what)));
      List<Future<Reader>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> new Reader().read(log)));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> ender : threads.invokeAll(enders)) {
        outcomes.add(ender.get());
      }
      other.get();
      check(outcomes, readers);
    }

    /** The run: it stops when it is interrupted or its log refuses it. */
    private Outcome write(int words) throws InterruptedException {
      try {
        if (log.attach()) {
          for (int i = 0; i < words; i++) {
            log.append(LiveLogSchedulesTest::event);
          }
        }
      } catch (InterruptedException _) {
        // Ended elsewhere, or here.
      } finally {
        log.detach();
        Thread.interrupted();
      }
      return log.end(new Transition.Complete());
    }

    private static <T> T after(int yields, Callable<T> then) throws Exception {
      for (int i = 0; i < yields; i++) {
        Thread.yield();
      }
      return then.call();
    }

    private void check(List<Outcome> outcomes, List<Future<Reader>> readers) throws Exception {
      // As a reader of the store makes it: this order has no other way to learn of it.
      List<String> truth = row.told();
      assertThat(truth.stream().filter(FakeRow::terminal)).hasSize(row.ended() ? 1 : 0);
      if (row.ended()) {
        assertThat(truth.getLast()).matches(FakeRow::terminal);
      }
      for (Outcome outcome : outcomes) {
        if (outcome instanceof Outcome.Ended ended) {
          String snapshot = new String(ended.snapshot(), StandardCharsets.UTF_8);
          assertThat(truth.getLast()).contains(snapshot);
        }
      }
      for (Future<Reader> future : readers) {
        Reader reader = future.get();
        if (log.durable()) {
          int read = reader.events.size();
          assertThat(truth).hasSizeGreaterThanOrEqualTo(read);
          assertThat(reader.events).isEqualTo(truth.subList(0, read));
        }
        if (reader.whole) {
          assertThat(reader.events).isEqualTo(truth);
        }
      }
    }
  }

  /** Reads to the end, or until it is sent to the store. */
  private static final class Reader {
    private final List<String> events = new ArrayList<>();
    private boolean whole;

    Reader read(LiveLog log) throws InterruptedException {
      while (log.read(events.size() - 1L, 5, PATIENCE) instanceof LogRead.Events read) {
        for (EncodedEvent event : read.events()) {
          events.add(new String(event.json(), StandardCharsets.UTF_8));
        }
        if (read.last()) {
          whole = true;
          break;
        }
      }
      return this;
    }
  }

  private static OutputItemEvent.Added event(long number) {
    int index = Math.toIntExact(number);
    Message message = Message.assistant("msg_" + number, List.of(), ItemStatus.IN_PROGRESS);
    return new OutputItemEvent.Added(number, index, message);
  }
}
