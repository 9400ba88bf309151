package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.Transition;
import antiphon.core.store.Append;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log that becomes long stays in the store, but for its last part. */
class LongLogTest {

  private static final int WORDS = 20_000;
  private static final String ID = "msg_1";

  /** The most that may be in memory: two pieces on their way, and what is kept. */
  private static final long BOUND = 2 * 1024 * 1024;

  private final FakeRow row = new FakeRow(true, 0);

  private LiveLog log(ResponseStore store, Delivery delivery) {
    return new LiveLog(
        new LogSink.Stored(store, new LocalSignals(), new RunKey(Logs.ID, 1), delivery),
        Logs.state());
  }

  private static void begin(LiveLog log) throws InterruptedException {
    assertThat(log.attach()).isTrue();
    log.append(seq ->
        new OutputItemEvent.Added(
            seq, 0, Message.assistant(ID, List.of(), ItemStatus.IN_PROGRESS)));
    log.append(seq -> new ContentPartEvent.Added(seq, ID, 0, 0, OutputText.of("")));
  }

  private static void say(LiveLog log, int words) throws InterruptedException {
    for (int i = 0; i < words; i++) {
      log.append(seq -> new OutputTextEvent.Delta(seq, ID, 0, 0, "w ", List.of()));
    }
  }

  private static String text(EncodedEvent event) {
    return new String(event.json(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void onlyItsLastPartIsInMemory(Delivery delivery) throws InterruptedException {
    LiveLog log = log(row.store(), delivery);
    begin(log);
    say(log, WORDS);
    Awaited.until(() -> row.log().size() > WORDS / 2);
    assertThat(log.read(-1, 10, Duration.ZERO)).isInstanceOf(LogRead.Older.class);
    Awaited.until(() -> bytesFrom(row.log().size() - (int) log.base()) < BOUND);

    assertThat(log.end(new Transition.Cancel())).isInstanceOf(Outcome.Ended.class);
    List<String> whole = row.log();
    assertThat(whole).hasSize(2 + WORDS + 3 + 1);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(whole.get(i)).contains("\"sequence_number\":" + i + ",");
    }
    LogRead.Events last = (LogRead.Events) log.read(whole.size() - 3, 10, Duration.ZERO);
    assertThat(last.last()).isTrue();
    assertThat(last.events().stream().map(LongLogTest::text))
        .isEqualTo(whole.subList(whole.size() - 2, whole.size()));
  }

  private static long bytesFrom(int events) {
    return events * 150L;
  }

  @Test
  void aShortOneIsWrittenAtItsEndAlone() throws InterruptedException {
    LiveLog log = log(row.store(), Delivery.STREAMED);
    begin(log);
    say(log, 500);
    assertThat(log.read(-1, 10, Duration.ZERO)).isInstanceOf(LogRead.Events.class);
    assertThat(row.log()).isEmpty();
    log.end(new Transition.Cancel());
    assertThat(row.log()).hasSize(2 + 500 + 3 + 1);
  }

  @Test
  void aPieceThatTheStoreDidNotAnswerForGoesAgainAsItWas() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    List<Append> appends = new ArrayList<>();
    ResponseStore store =
        (ResponseStore)
            Proxy.newProxyInstance(
                ResponseStore.class.getClassLoader(),
                new Class<?>[] {ResponseStore.class},
                (_, method, args) -> {
                  if (method.getName().equals("append")) {
                    appends.add((Append) args[0]);
                    if (asked.incrementAndGet() == 1) {
                      return CompletableFuture.failedFuture(new StoreException("gone"));
                    }
                  }
                  try {
                    return method.invoke(row.store(), args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    LiveLog log = log(store, Delivery.STREAMED);
    begin(log);
    say(log, WORDS);
    assertThat(log.end(new Transition.Cancel())).isInstanceOf(Outcome.Ended.class);
    assertThat(appends.get(1)).isEqualTo(appends.get(0));
    assertThat(row.log()).hasSize(2 + WORDS + 3 + 1);
  }

  @Test
  void oneThatIsNotStoredWaitsForItsReader() throws InterruptedException {
    LiveLog log = Logs.unstored();
    AtomicInteger said = new AtomicInteger();
    Thread run =
        Thread.startVirtualThread(() -> {
          try {
            begin(log);
            for (; said.get() < 100_000; said.incrementAndGet()) {
              say(log, 1);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Awaited.until(() -> run.getState() == Thread.State.WAITING);
    assertThat(said.get()).as("about 4 MiB").isBetween(10_000, 60_000);
    long after = -1;
    while (said.get() < 100_000) {
      LogRead.Events read = (LogRead.Events) log.read(after, 256, Duration.ofSeconds(10));
      for (EncodedEvent event : read.events()) {
        after++;
        assertThat(text(event)).contains("\"sequence_number\":" + after + ",");
      }
    }
    run.join();
  }

  @Test
  void whoWaitsForAReaderIsStoppedByTheEnd() throws InterruptedException {
    LiveLog log = Logs.unstored();
    Thread run =
        Thread.startVirtualThread(() -> {
          try {
            begin(log);
            say(log, 1_000_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Awaited.until(() -> run.getState() == Thread.State.WAITING);
    assertThat(log.end(new Transition.Cancel())).isInstanceOf(Outcome.Ended.class);
    run.join();
  }

  @Test
  void manyReadersOfAStoredLogHoldOneCopyOfIt() {
    String large = "{\"type\":\"response.created\",\"text\":\"" + "x".repeat(100_000) + "\"}";
    AtomicInteger reads = new AtomicInteger();
    ResponseStore store =
        (ResponseStore)
            Proxy.newProxyInstance(
                ResponseStore.class.getClassLoader(),
                new Class<?>[] {ResponseStore.class},
                (_, method, _) ->
                    switch (method.getName()) {
                      case "readLog" -> {
                        reads.incrementAndGet();
                        yield new antiphon.core.store.LogPage(
                            0,
                            List.of(large.getBytes(StandardCharsets.UTF_8)),
                            antiphon.core.store.LogPage.Rest.MORE);
                      }
                      case "clock" -> InstantSource.system();
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    LogPages pages = new LogPages(store);
    LogPages.Page first = pages.read(Logs.ID, -1, 256);
    for (int i = 0; i < 40; i++) {
      assertThat(pages.read(Logs.ID, -1, 256).events().getFirst())
          .isSameAs(first.events().getFirst());
    }
    assertThat(reads.get()).isEqualTo(1);
    assertThat(pages.read(Logs.ID, 0, 256)).isNotSameAs(first);
  }
}
