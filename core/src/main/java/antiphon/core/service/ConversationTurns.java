package antiphon.core.service;

import antiphon.core.conversation.ConversationId;
import antiphon.core.log.Wakeups;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a foreground response may write to its conversation; nobody waits for long. Those who
 * wait on one node are served in the order in which they came.
 */
final class ConversationTurns {

  /** How long the call that makes a response waits until it is told to come again. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** A response that streams wakes those who wait with each event; they need not look each time. */
  private static final Duration BREATH = Duration.ofMillis(20);

  private final ResponseStore store;
  private final Wakeups wakeups;
  private final Duration patience;
  private final Map<ConversationId, Line> lines = new ConcurrentHashMap<>();

  /** Who waits here for one conversation; the first of them asks the store. */
  private static final class Line {
    private final Semaphore first = new Semaphore(1, true);

    /** Guarded by the map. */
    private int length;
  }

  ConversationTurns(ResponseStore store, Wakeups wakeups, Duration patience) {
    this.store = store;
    this.wakeups = wakeups;
    this.patience = patience;
  }

  /** What is tried when it may be its turn. */
  interface Try<T> {
    T now() throws NewRows.NotItsTurn, InterruptedException;
  }

  /**
   * Tries until it is its turn.
   *
   * @throws Rejected 409 if that takes too long
   */
  <T> T take(ConversationId conversation, Try<T> attempt) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Line line =
        lines.compute(
            conversation,
            (_, known) -> {
              Line now = known == null ? new Line() : known;
              now.length++;
              return now;
            });
    try {
      if (!line.first.tryAcquire(left(deadline), TimeUnit.NANOSECONDS)) {
        throw busy(conversation);
      }
      try {
        return asFirst(conversation, attempt, deadline);
      } finally {
        line.first.release();
      }
    } finally {
      lines.computeIfPresent(conversation, (_, known) -> --known.length == 0 ? null : known);
    }
  }

  private <T> T asFirst(ConversationId conversation, Try<T> attempt, long deadline)
      throws InterruptedException {
    while (true) {
      try {
        return attempt.now();
      } catch (NewRows.NotItsTurn e) {
        if (left(deadline) <= 0) {
          throw busy(conversation);
        }
        awaitEnd(conversation, e.first(), deadline);
      }
    }
  }

  private static long left(long deadline) {
    return deadline - System.nanoTime();
  }

  private void awaitEnd(ConversationId conversation, @Nullable String first, long deadline)
      throws InterruptedException {
    if (first == null) {
      return;
    }
    ResponseId id = new ResponseId(conversation.owner(), first);
    try (Wakeups.Wait wait = wakeups.register(first)) {
      while (runs(id) && left(deadline) > 0) {
        wait.await(Duration.ofNanos(Math.max(1, left(deadline))));
        TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
      }
    }
  }

  private boolean runs(ResponseId id) {
    return store.find(id).filter(response -> !response.status().isTerminal()).isPresent();
  }

  /** The refusal of one that would have to wait for too long. */
  static Rejected busy(ConversationId conversation) {
    return new Rejected(
        new Problem.Conflict(
            "Another response is writing to the conversation '"
                + conversation
                + "'. Try again when it has ended, or cancel it.",
            "conversation",
            "conversation_locked",
            RETRY));
  }
}
