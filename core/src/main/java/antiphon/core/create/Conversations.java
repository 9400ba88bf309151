package antiphon.core.create;

import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ChainLink;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a conversation together: the chain of earlier responses, read by reference, and the new
 * input with its item references looked up.
 */
public final class Conversations {

  /** Bytes of JSON for each token, about: for estimates only. */
  public static final int BYTES_PER_TOKEN = 5;

  private final ResponseStore store;

  public Conversations(ResponseStore store) {
    this.store = store;
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
    List<Item> items = new ArrayList<>();
    long bytes = inputBytes;
    if (previous != null) {
      for (ChainLink link : chain(owner, previous)) {
        bytes += link.input().length;
        items.addAll(Items.list(link.input()));
        if (link.snapshot() != null) {
          bytes += link.snapshot().length;
          items.addAll(Json.readStored(link.snapshot(), Output.class).output());
        }
      }
    }
    int own = items.size();
    for (int i = 0; i < input.size(); i++) {
      items.add(resolved(owner, input.get(i), i, items));
    }
    CallOutputs.check(items, own);
    return new Conversation(items, (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_PER_TOKEN));
  }

  private List<ChainLink> chain(Owner owner, String previous) {
    List<ChainLink> chain = store.chain(new ResponseId(owner, previous));
    if (chain.isEmpty()) {
      throw new Rejected(
          new Problem.Invalid(
              "Previous response with id '" + previous + "' not found.",
              "previous_response_id",
              "previous_response_not_found"));
    }
    if (!chain.getLast().status().isTerminal()) {
      throw new Rejected(
          new Problem.Invalid(
              "Previous response with id '" + previous + "' has not ended yet.",
              "previous_response_id",
              "previous_response_not_ended"));
    }
    return chain;
  }

  private Item resolved(Owner owner, Item item, int index, List<Item> before) {
    if (!(item instanceof ItemReference reference)) {
      return item;
    }
    return before.stream()
        .filter(candidate -> reference.id().equals(candidate.id()))
        .findFirst()
        .or(() -> find(owner, reference.id()))
        .orElseThrow(() ->
            Rejected.invalid(
                "input[" + index + "].id", "Item with id '" + reference.id() + "' not found."));
  }

  private Optional<Item> find(Owner owner, String itemId) {
    return Ids.responseOf(itemId)
        .flatMap(response -> store.find(new ResponseId(owner, response)))
        .flatMap(response -> find(response, itemId));
  }

  private static Optional<Item> find(StoredResponse response, String itemId) {
    List<Item> items = new ArrayList<>(Items.list(response.input()));
    if (response.snapshot() != null) {
      items.addAll(Json.readStored(response.snapshot(), Output.class).output());
    }
    return items.stream().filter(item -> itemId.equals(item.id())).findFirst();
  }

  /**
   * A conversation up to where the model is to go on.
   *
   * @param items oldest first
   * @param estimatedTokens about how many tokens, judged by size
   */
  public record Conversation(List<Item> items, int estimatedTokens) {}

  /** What a conversation takes of a response; the rest of it is passed over. */
  private record Output(List<Item> output) {}
}
