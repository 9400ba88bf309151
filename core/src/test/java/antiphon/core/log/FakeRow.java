package antiphon.core.log;

import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.ResponseStore;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a store does for one running response, a little later than asked. */
@SuppressWarnings("ThreadPriorityCheck") // Yielding is how an order is shuffled.
final class FakeRow {

  private static final String ELSEWHERE = "{\"type\":\"response.cancelled\",\"elsewhere\":true}";

  private final boolean guarded;
  private final int delay;
  private final List<String> log = new ArrayList<>();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private long epoch = 1;
  private boolean ended;
  private byte[] snapshot = {};

  /**
   * @param guarded false leaves out the guard of the end: a mistake that must be found
   * @param delay how long each write takes
   */
  FakeRow(boolean guarded, int delay) {
    this.guarded = guarded;
    this.delay = delay;
  }

  ResponseStore store() {
    return (ResponseStore)
        Proxy.newProxyInstance(
            FakeRow.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, args) ->
                switch (method.getName()) {
                  case "append" -> later(() -> append((Append) args[0]));
                  case "end" -> later(() -> end((Ending) args[1]));
                  case "clock" -> InstantSource.system();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** As a store must: writes to one response take effect in the order they were handed in. */
  private synchronized <T> CompletableFuture<T> later(Supplier<T> write) {
    CompletableFuture<T> done =
        last.handleAsync(
            (_, _) -> {
              for (int i = 0; i < delay; i++) {
                Thread.yield();
              }
              return write.get();
            },
            Thread::startVirtualThread);
    last = done;
    return done;
  }

  private synchronized AppendOutcome append(Append append) {
    if (ended || append.run().epoch() != epoch || append.firstSequence() != log.size()) {
      return AppendOutcome.FENCED;
    }
    add(append.events());
    return AppendOutcome.DONE;
  }

  private synchronized EndOutcome end(Ending ending) {
    boolean mine = ending.epoch() == epoch && ending.firstSequence() == log.size();
    if (guarded && (ended || !mine)) {
      return new EndOutcome.Fenced();
    }
    add(ending.events());
    snapshot = ending.snapshot();
    ended = true;
    return new EndOutcome.Unopposed();
  }

  private void add(List<byte[]> events) {
    events.forEach(event -> log.add(new String(event, StandardCharsets.UTF_8)));
  }

  /**
   * What another node does: ends it, takes it over, or nothing.
   *
   * @return whether it did anything
   */
  synchronized boolean elsewhere(int what) {
    if (ended || what > 1) {
      return false;
    }
    epoch++;
    if (what == 0) {
      log.add(ELSEWHERE);
      ended = true;
    }
    return true;
  }

  static boolean terminal(String event) {
    return event.contains("\"type\":\"response.c");
  }

  /** The log as it was written. */
  synchronized List<String> log() {
    return List.copyOf(log);
  }

  /** The log; one that nobody followed is told first. */
  synchronized List<String> told() {
    if (ended && log.isEmpty()) {
      add(LogReconstruction.of(snapshot));
    }
    return List.copyOf(log);
  }

  synchronized boolean ended() {
    return ended;
  }
}
