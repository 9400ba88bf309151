package antiphon.core.service;

import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.Turn;
import antiphon.core.create.Conversations;
import antiphon.core.create.IdempotencyKey;
import antiphon.core.response.Owner;
import antiphon.core.run.LiveResponses;
import antiphon.core.store.Keyed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Writes the rows of new responses, under an Idempotency-Key or without. */
final class NewRows {

  private final ResponseStore store;
  private final @Nullable ConversationStore conversations;
  private final LiveResponses live;

  /**
   * @param conversations null if none are kept
   */
  NewRows(ResponseStore store, @Nullable ConversationStore conversations, LiveResponses live) {
    this.store = store;
    this.conversations = conversations;
    this.live = live;
  }

  /** What this key has made, if it has been used already. */
  Optional<Made> before(Owner owner, IdempotencyKey key) {
    return store.findKeyed(owner, key.value()).map(before -> existing(before, key));
  }

  private static Made existing(Keyed before, IdempotencyKey key) {
    key.requireSameRequest(before);
    return new Made.Existing(before.id());
  }

  /**
   * Writes a row under a key and waits; what the key was used for before, if nothing was written.
   */
  Optional<Made> write(NewResponse row, IdempotencyKey key) {
    try {
      return store
          .insertKeyed(row, key.value(), key.requestHash())
          .map(before -> existing(before, key));
    } catch (StoreException e) {
      unknown(row);
      throw e;
    }
  }

  /** It may be there all the same, and then nobody runs it. */
  private void unknown(NewResponse row) {
    if (!row.background()) {
      live.drop(new RunKey(row.id(), 1), true);
    }
  }

  /**
   * Writes a row that takes its turn in a conversation.
   *
   * @return what the key has made before; empty if the row was written
   * @throws NotItsTurn if others are before it
   */
  Optional<Made> write(
      NewResponse row, ConversationId into, long version, @Nullable IdempotencyKey key)
      throws NotItsTurn {
    if (conversations == null) {
      throw Conversations.noConversation(into.value());
    }
    Turn turn;
    try {
      turn =
          key == null
              ? conversations.begin(row, into, version, null, new byte[0])
              : conversations.begin(row, into, version, key.value(), key.requestHash());
    } catch (StoreException e) {
      unknown(row);
      throw e;
    }
    return switch (turn) {
      case Turn.Taken _ -> Optional.empty();
      case Turn.Before(Keyed keyed) when key != null -> Optional.of(existing(keyed, key));
      case Turn.Before _ -> throw new IllegalStateException("a key was found where none was used");
      case Turn.Busy(String response) -> throw new NotItsTurn(response);
      case Turn.Changed _ -> throw new NotItsTurn(null);
      case Turn.Gone _ -> throw Conversations.noConversation(into.value());
    };
  }

  /** Another response is before this one in its conversation. */
  static final class NotItsTurn extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String first;

    NotItsTurn(@Nullable String first) {
      super("not its turn", null, false, false);
      this.first = first;
    }

    /** The id of the one that is first; null if the conversation has changed and nobody is. */
    @Nullable String first() {
      return first;
    }
  }

  /** Hands a row in. */
  CompletableFuture<Void> write(NewResponse row) {
    return store.insert(row);
  }

  /** Waits for a row that was handed in. */
  static void join(CompletableFuture<Void> inserted) {
    try {
      inserted.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException known
          ? known
          : new StoreException("the response could not be written", e);
    }
  }
}
