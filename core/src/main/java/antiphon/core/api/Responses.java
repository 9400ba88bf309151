package antiphon.core.api;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Compacted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations on responses. Every method may throw {@link antiphon.core.response.Rejected} with
 * the {@link antiphon.core.response.Problem} that the client is to be told, and {@link
 * antiphon.core.store.StoreException} when the store cannot be reached. All block; call them on
 * virtual threads.
 */
public interface Responses {

  /**
   * Validates, admits and starts a response.
   *
   * @param idempotencyKey makes at most one response, however often it is used with the same
   *     request; null for a new response each time
   * @return for {@code background: true} after it is durable: {@link Created.Queued}; else {@link
   *     Created.Running}
   */
  Created create(Owner owner, CreateResponse request, @Nullable String idempotencyKey)
      throws InterruptedException;

  /**
   * The types of the tools that a request is served without, because neither its client nor this
   * server runs them.
   *
   * @param request one that {@link #create} has taken
   */
  default List<String> leftOut(CreateResponse request) {
    return List.of();
  }

  /**
   * Counts the input tokens of a request as {@link #create} would validate it, and runs nothing.
   *
   * @return the engine's own count where it has a tokenizer, else an estimate
   */
  int countInputTokens(Owner owner, CreateResponse request) throws InterruptedException;

  /**
   * Sums a conversation up, so that it goes on with fewer tokens: what a client is to send from now
   * on in its place. Runs a model, as a response that is not kept. An interrupt stops that.
   */
  Compacted compact(Owner owner, CompactResponse request) throws InterruptedException;

  /** The response as JSON: the snapshot, or derived from the log while it runs. */
  byte[] get(ResponseId id) throws InterruptedException;

  /**
   * Reads the events after a sequence number, live or finished, and ends after the terminal event.
   * Where the log has expired it gives the terminal event alone.
   *
   * @param startingAfter the last number already seen, -1 for all
   */
  EventReader events(ResponseId id, long startingAfter);

  /** Cancels, by the table of cases; the answer is the response as it is for good. */
  byte[] cancel(ResponseId id) throws InterruptedException;

  /**
   * Wakes a response whose model sleeps.
   *
   * @param input what the model is to hear, 1 to 20,000 characters
   * @return when it was woken
   */
  Instant wake(ResponseId id, String input) throws InterruptedException;

  /** Replaces the metadata; the response after it. */
  byte[] update(ResponseId id, Map<String, String> metadata) throws InterruptedException;

  /** Deletes for good; cancels first if it runs. */
  void delete(ResponseId id) throws InterruptedException;

  /** The owner's responses as JSON objects, running ones included. */
  Page<byte[]> list(Owner owner, PageRequest page);

  /** The response's own input items, each with an id. */
  Page<Item> inputItems(ResponseId id, PageRequest page);
}
