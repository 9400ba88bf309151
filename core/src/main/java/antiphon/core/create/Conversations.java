package antiphon.core.create;

import antiphon.core.call.ServerCalls;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a conversation together: the chain of earlier responses, read by reference, and the new
 * input with its item references looked up.
 */
public final class Conversations {

  private static final String PREVIOUS = "previous_response_id";

  /** Bytes of JSON for each token, about: for estimates only. */
  public static final int BYTES_PER_TOKEN = 5;

  /** How large one may be, in bytes of JSON, unless the settings say otherwise. */
  public static final long USUAL_LIMIT = 32 * 1024 * 1024;

  private final ResponseStore store;
  private final long maxBytes;
  private final ReasoningSeal seal;

  public Conversations(ResponseStore store) {
    this(store, USUAL_LIMIT, ReasoningSeal.fleeting());
  }

  /**
   * @param maxBytes how large a conversation may be, as JSON: its input, the inputs and snapshots
   *     of all responses before it, and of those whose items it refers to
   * @param seal opens reasoning that clients have kept
   */
  public Conversations(ResponseStore store, long maxBytes, ReasoningSeal seal) {
    this.seal = seal;
    this.store = store;
    this.maxBytes = maxBytes;
  }

  /** The conversation that a stored response answers. */
  public Conversation of(StoredResponse response) {
    List<Item> input = Items.list(response.input());
    return of(response.id().owner(), response.previous(), input, response.input().length);
  }

  /**
   * The conversation of a new response.
   *
   * @param previous the response it follows, or null
   * @param input its own input
   * @param inputBytes the size of the input as JSON
   * @throws Rejected if the previous response or a referenced item is not there, has not ended, or
   *     the calls and their outputs do not match
   */
  public Conversation of(
      Owner owner, @Nullable String previous, List<Item> input, long inputBytes) {
    Room room = new Room(maxBytes);
    room.take("input", inputBytes);
    References references = new References(store, owner, room);
    List<Item> items = new ArrayList<>();
    long bytes = inputBytes;
    if (previous != null) {
      for (ChainLink link : chain(owner, previous, room)) {
        bytes += link.bytes();
        items.addAll(Items.list(link.input()));
        if (link.snapshot() != null) {
          List<Item> output = Json.readStored(link.snapshot(), References.Output.class).output();
          items.addAll(ServerCalls.told(link.entries(), output));
        }
      }
    }
    int own = items.size();
    references.add(items);
    for (int i = 0; i < input.size(); i++) {
      Item item = references.resolved(input.get(i), i);
      references.add(item);
      items.add(item);
    }
    List<Item> whole = new Unsealed(seal, owner, own).of(items);
    return new Conversation(
        CallOutputs.paired(whole, own), (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_PER_TOKEN));
  }

  private List<ChainLink> chain(Owner owner, String previous, Room room) {
    List<ChainLink> chain =
        switch (store.chain(new ResponseId(owner, previous), room.left())) {
          case Chain.Links(List<ChainLink> links) -> links;
          case Chain.TooLarge _ -> throw room.tooLarge(PREVIOUS);
        };
    if (chain.isEmpty()) {
      throw new Rejected(
          new Problem.Invalid(
              "Previous response with id '" + previous + "' not found.",
              PREVIOUS,
              "previous_response_not_found"));
    }
    if (!chain.getLast().status().isTerminal()) {
      throw new Rejected(
          new Problem.Invalid(
              "Previous response with id '" + previous + "' has not ended yet.",
              PREVIOUS,
              "previous_response_not_ended"));
    }
    room.take(PREVIOUS, chain.stream().mapToLong(ChainLink::bytes).sum());
    return chain;
  }

  /**
   * A conversation up to where the model is to go on.
   *
   * @param items oldest first
   * @param estimatedTokens about how many tokens, judged by size
   */
  public record Conversation(List<Item> items, int estimatedTokens) {}
}
