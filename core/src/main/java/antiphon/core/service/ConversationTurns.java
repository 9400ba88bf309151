package antiphon.core.service;

import antiphon.core.conversation.ConversationId;
import antiphon.core.log.Wakeups;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until a foreground response may write to its conversation; nobody waits for long. */
final class ConversationTurns {

  /** How long the call that makes a response waits until it is told to come again. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** A response that streams wakes those who wait with each event; they need not look each time. */
  private static final Duration BREATH = Duration.ofMillis(20);

  private final ResponseStore store;
  private final Wakeups wakeups;
  private final Duration patience;

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
    long since = System.nanoTime();
    while (true) {
      try {
        return attempt.now();
      } catch (NewRows.NotItsTurn e) {
        Duration left = patience.minusNanos(System.nanoTime() - since);
        if (left.isNegative() || left.isZero()) {
          throw busy(conversation);
        }
        awaitEnd(conversation, e.first(), left);
      }
    }
  }

  private void awaitEnd(ConversationId conversation, @Nullable String first, Duration patience)
      throws InterruptedException {
    if (first == null) {
      return;
    }
    ResponseId id = new ResponseId(conversation.owner(), first);
    long deadline = System.nanoTime() + patience.toNanos();
    try (Wakeups.Wait wait = wakeups.register(first)) {
      while (runs(id) && System.nanoTime() < deadline) {
        wait.await(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
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
