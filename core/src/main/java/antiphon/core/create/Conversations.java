package antiphon.core.create;

import antiphon.core.call.ServerCalls;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.History;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a conversation together: the chain of earlier responses, read by reference, and the new
 * input with its item references looked up.
 */
public final class Conversations {

  private static final String PREVIOUS = "previous_response_id";
  private static final String CONVERSATION = "conversation";

  /** Bytes of JSON for each token, about: for estimates only. */
  public static final int BYTES_PER_TOKEN = 5;

  /** How large one may be, in bytes of JSON, unless the settings say otherwise. */
  public static final long USUAL_LIMIT = 32 * 1024 * 1024;

  /** How long a client waits while other large ones are put together. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ResponseStore store;
  private final @Nullable ConversationStore conversations;
  private final long maxBytes;
  private final ReasoningSeal seal;
  private final LargeOnes largeOnes;

  /** For a server that keeps responses alone. */
  public Conversations(ResponseStore store) {
    this(store, null, USUAL_LIMIT, ReasoningSeal.fleeting());
  }

  /**
   * @param conversations null if none are kept
   * @param maxBytes how large a conversation may be, as JSON: its input, the inputs and snapshots
   *     of all responses before it, or the items of the conversation that it is in, and those that
   *     it refers to
   * @param seal opens reasoning that clients have kept
   */
  public Conversations(
      ResponseStore store,
      @Nullable ConversationStore conversations,
      long maxBytes,
      ReasoningSeal seal) {
    this(store, conversations, maxBytes, seal, LargeOnes.forThisHeap(maxBytes));
  }

  Conversations(
      ResponseStore store,
      @Nullable ConversationStore conversations,
      long maxBytes,
      ReasoningSeal seal,
      LargeOnes largeOnes) {
    this.largeOnes = largeOnes;
    this.seal = seal;
    this.store = store;
    this.conversations = conversations;
    this.maxBytes = maxBytes;
  }

  /** The conversation that a stored response answers. */
  public Conversation of(StoredResponse response) {
    List<Item> input = Items.list(response.input());
    CreateResponse request = Json.readStored(response.request(), CreateResponse.class);
    ContextSource source = ContextSource.of(request);
    Owner owner = response.id().owner();
    try (Room room = new Room(maxBytes, largeOnes, new LargeOnes.Wait.ForItsTurn())) {
      return whole(room, owner, source, input, response.input().length, false);
    } catch (InterruptedException e) {
      throw new IllegalStateException("this wait is not interrupted", e);
    }
  }

  /**
   * The conversation of a new response.
   *
   * @param input its own input
   * @param inputBytes the size of the input as JSON
   * @throws Rejected if what comes before it or a referenced item is not there, has not ended, or
   *     the calls and their outputs do not match; or if it is large, as too many are just now
   */
  public Conversation of(Owner owner, ContextSource source, List<Item> input, long inputBytes)
      throws InterruptedException {
    try (Room room = new Room(maxBytes, largeOnes, new LargeOnes.Wait.AtMost(PATIENCE))) {
      return whole(room, owner, source, input, inputBytes, true);
    }
  }

  /**
   * @param mayWait whether others may still be before it in its conversation: then calls and
   *     outputs are matched when its turn comes
   */
  private Conversation whole(
      Room room,
      Owner owner,
      ContextSource source,
      List<Item> input,
      long inputBytes,
      boolean mayWait)
      throws InterruptedException {
    room.take("input", inputBytes);
    Before before = before(owner, source, room);
    List<Item> items = resolved(owner, before, input, room);
    int own = before.items().size();
    CompactedHistory history = CompactedHistory.of(seal, owner, items, own);
    List<Item> opened = new Unsealed(seal, owner, history.own()).of(history.items());
    boolean waits = mayWait && before.busy();
    List<Item> paired =
        CompactedHistory.untriggered(waits ? opened : CallOutputs.paired(opened, history.own()));
    return new Conversation(
        paired,
        (int) Math.min(Integer.MAX_VALUE, (inputBytes + before.bytes()) / BYTES_PER_TOKEN),
        joining(before, items.subList(own, items.size()), opened, paired),
        waits ? -1 : before.version());
  }

  private List<Item> resolved(Owner owner, Before before, List<Item> input, Room room)
      throws InterruptedException {
    References references = new References(store, conversations, owner, room);
    List<Item> items = new ArrayList<>(before.items());
    references.add(items);
    for (int i = 0; i < input.size(); i++) {
      Item item = references.resolved(input.get(i), i);
      references.add(item);
      items.add(item);
    }
    return items;
  }

  /**
   * A conversation that is to be compacted: calls may be without an output.
   *
   * @param inputBytes the size of the input as JSON
   * @throws Rejected as {@link #of}, but for calls
   */
  public Compacting.Parts parts(
      Owner owner, ContextSource source, List<Item> input, long inputBytes)
      throws InterruptedException {
    try (Room room = new Room(maxBytes, largeOnes, new LargeOnes.Wait.AtMost(PATIENCE))) {
      room.take("input", inputBytes);
      Before before = before(owner, source, room);
      List<Item> items = resolved(owner, before, input, room);
      CompactedHistory history = CompactedHistory.of(seal, owner, items, before.items().size());
      return Compacting.of(
          history.items(), new Unsealed(seal, owner, history.own()).of(history.items()));
    }
  }

  /** Of its own items those that are to join: not what is there already, not what it said twice. */
  private static List<Item> joining(
      Before before, List<Item> own, List<Item> opened, List<Item> paired) {
    Set<Item> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(paired);
    Set<Item> there = Collections.newSetFromMap(new IdentityHashMap<>());
    there.addAll(before.items());
    List<Item> joining = new ArrayList<>();
    // Both end alike; what a compaction has dropped joins as it came.
    int shift = opened.size() - own.size();
    for (int i = 0; i < own.size(); i++) {
      if (i + shift < 0 || kept.contains(opened.get(i + shift))) {
        Item item = own.get(i);
        joining.add(there.contains(item) ? new ItemReference(item.idOrEmpty(), Map.of()) : item);
      }
    }
    return joining;
  }

  private Before before(Owner owner, ContextSource source, Room room) throws InterruptedException {
    return switch (source) {
      case ContextSource.Items _ -> new Before(List.of(), 0, 0, false);
      case ContextSource.Chain(String previous) -> {
        List<Item> items = new ArrayList<>();
        long bytes = 0;
        for (ChainLink link : chain(owner, previous, room)) {
          bytes += link.bytes();
          items.addAll(Items.list(link.input()));
          if (link.snapshot() != null) {
            List<Item> output = Json.readStored(link.snapshot(), References.Output.class).output();
            items.addAll(ServerCalls.told(link.entries(), output));
          }
        }
        yield new Before(items, bytes, 0, false);
      }
      case ContextSource.Conversation(String id) -> history(new ConversationId(owner, id), room);
    };
  }

  private Before history(ConversationId id, Room room) throws InterruptedException {
    if (conversations == null) {
      throw noConversation(id.value());
    }
    History read = conversations.history(id, Math.min(LargeOnes.SMALL, room.left()));
    if (read instanceof History.TooLarge && room.left() > LargeOnes.SMALL) {
      room.enter();
      read = conversations.history(id, room.left());
    }
    return switch (read) {
      case History.Gone _ -> throw noConversation(id.value());
      case History.TooLarge _ -> throw room.tooLarge(CONVERSATION);
      case History.Whole(List<byte[]> stored, long version, boolean busy) -> {
        long bytes = stored.stream().mapToLong(item -> item.length).sum();
        room.take(CONVERSATION, bytes);
        List<Item> items = stored.stream().flatMap(json -> read(json).stream()).toList();
        yield new Before(items, bytes, version, busy);
      }
    };
  }

  private static List<Item> read(byte[] json) {
    return json[0] == '[' ? Items.list(json) : List.of(Json.readStored(json, Item.class));
  }

  /** The refusal of a conversation that is not there, was deleted, or is somebody else's. */
  public static Rejected noConversation(String id) {
    return new Rejected(
        new Problem.NotFound("Conversation with id '" + id + "' not found.", CONVERSATION));
  }

  private List<ChainLink> chain(Owner owner, String previous, Room room)
      throws InterruptedException {
    ResponseId last = new ResponseId(owner, previous);
    Chain read = store.chain(last, Math.min(LargeOnes.SMALL, room.left()));
    if (read instanceof Chain.TooLarge && room.left() > LargeOnes.SMALL) {
      room.enter();
      read = store.chain(last, room.left());
    }
    List<ChainLink> chain =
        switch (read) {
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
   * What comes before the input.
   *
   * @param version of the conversation it was read from
   * @param busy whether others run or wait in that
   */
  private record Before(List<Item> items, long bytes, long version, boolean busy) {}

  /**
   * A conversation up to where the model is to go on.
   *
   * @param items oldest first
   * @param estimatedTokens about how many tokens, judged by size
   * @param joining its own input as it is to be kept where it joins a conversation: references
   *     looked up but those into the conversation itself
   * @param version of the kept conversation that it was read from; -1 if others are before it
   */
  public record Conversation(
      List<Item> items, int estimatedTokens, List<Item> joining, long version) {}
}
