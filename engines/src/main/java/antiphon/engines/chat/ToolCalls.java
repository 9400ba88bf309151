package antiphon.engines.chat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.response.Ids;
import antiphon.engines.chat.ToolNames.Named;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.engines.upstream.Halves;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.CustomTool;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The turn's tool calls while they stream in. Items follow one another, so one call at a time is
 * handed over as it comes, and the next ones wait until its arguments are whole.
 */
final class ToolCalls {

  private static final Ids IDS = new Ids(InstantSource.system());

  private final ToolNames tools;
  private final PieceSink sink;
  private final OpaqueState state;
  private final List<Pending> calls = new ArrayList<>();
  private final Map<Integer, Pending> byIndex = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private int live;

  ToolCalls(ToolNames tools, OpaqueState state, PieceSink sink) {
    this.tools = tools;
    this.state = state;
    this.sink = sink;
  }

  /**
   * Takes in one element of {@code tool_calls}.
   *
   * @param position in its array, for engines that give no index
   */
  void accept(JsonNode delta, int position) throws Nonsense, InterruptedException {
    JsonNode function = delta.path("function");
    JsonNode given = function.path("arguments");
    String arguments =
        given.isString()
            ? given.asString()
            : given.isMissingNode() || given.isNull() ? "" : given.toString();
    Pending call = pending(delta, function.path("name").asString(""), arguments, position);
    if (call != null) {
      state.ofCall(call.callId, delta);
      call.append(arguments);
    }
    pump();
  }

  /** Whether all calls so far are whole: something else may follow. */
  boolean settle() throws InterruptedException {
    pump();
    if (live == calls.size() - 1 && calls.get(live).isWhole()) {
      close(calls.get(live));
    }
    return live >= calls.size();
  }

  /** Hands over the rest. */
  void end() throws Nonsense, InterruptedException {
    while (live < calls.size()) {
      Pending call = calls.get(live);
      if (call.name.isEmpty()) {
        throw new Nonsense("called a tool without a name");
      }
      hand(call);
      close(call);
    }
  }

  /** The call that a delta belongs to; null if it says again what is whole already. */
  private @Nullable Pending pending(JsonNode delta, String name, String arguments, int position) {
    int index = delta.path("index").asInt(position);
    String id = delta.path("id").asString("");
    Pending known = byIndex.get(index);
    if (known != null && known.saidAgain(id, name, arguments)) {
      return null;
    }
    if (known == null || known.isAnother(id, name, arguments)) {
      known = new Pending(calls.size(), id, callId(id));
      calls.add(known);
      byIndex.put(index, known);
    }
    if (known.name.isEmpty()) {
      known.name = name;
    }
    return known;
  }

  /**
   * The id that the client is given: the engine's own. What it gives to a second call of the same
   * message tells nobody anything, and that call gets one of ours.
   */
  private String callId(String given) {
    return !given.isEmpty() && ids.add(given) ? given : IDS.next("call");
  }

  private void pump() throws InterruptedException {
    while (live < calls.size()) {
      Pending call = calls.get(live);
      if (call.name.isEmpty()) {
        return;
      }
      hand(call);
      if (live + 1 == calls.size() || !call.isWhole()) {
        return;
      }
      close(call);
    }
  }

  private void hand(Pending call) throws InterruptedException {
    if (!call.begun) {
      call.begun = true;
      keep();
      begin(call, tools.called(call.name));
    }
    String fresh = call.take();
    if (!fresh.isEmpty() && call.client == null) {
      deltas(call, call.custom == null ? fresh : call.custom.accept(fresh));
    }
  }

  /** Hands over the engine's state so far; a call's is most often there when the call begins. */
  void keep() throws InterruptedException {
    String kept = state.taken();
    if (kept != null) {
      sink.accept(new Piece.EngineState(kept));
    }
  }

  private void begin(Pending call, @Nullable Named tool) throws InterruptedException {
    if (tool != null && !tool.isFunction() && !tool.isCustom()) {
      // An item of its own kind, made of the whole arguments.
      call.client = tool;
      return;
    }
    call.grammar =
        tool != null && tool.tool() instanceof CustomTool it ? GrammarCheck.of(it) : null;
    if (call.grammar != null) {
      // Whole, when it is known to keep its grammar.
      call.client = tool;
      return;
    }
    begin(call, tool, tool != null && tool.isCustom());
  }

  private void begin(Pending call, @Nullable Named tool, boolean custom)
      throws InterruptedException {
    call.custom = custom ? new CustomInput() : null;
    Piece.ToolCall begun =
        new Piece.ToolCall(
            call.number,
            call.callId,
            tool == null ? call.name : tool.name(),
            custom ? Piece.ToolCall.Kind.CUSTOM : Piece.ToolCall.Kind.FUNCTION);
    String namespace = tool == null ? null : tool.namespace();
    sink.accept(namespace == null ? begun : new Piece.NamespacedCall(begun, namespace));
  }

  private void close(Pending call) throws InterruptedException {
    call.closed = true;
    live++;
    if (call.grammar != null) {
      checked(call, call.grammar);
    } else if (call.client != null) {
      Item item = ClientCalls.item(call.client, call.callId, call.arguments.toString());
      if (item == null) {
        asFunction(call, call.client);
      } else {
        sink.accept(new Piece.WholeCall(item));
      }
    } else if (call.custom != null) {
      deltas(call, call.custom.end());
      deltas(call, call.halves.rest());
    } else {
      // No arguments at all are an empty object in the API.
      deltas(call, call.arguments.isEmpty() ? "{}" : call.halves.rest());
    }
  }

  private void checked(Pending call, GrammarCheck grammar) throws InterruptedException {
    CustomInput input = new CustomInput();
    String text = input.accept(call.arguments.toString()) + input.end();
    boolean kept = !grammar.refuses(text);
    begin(call, call.client, kept);
    deltas(call, kept ? text : call.arguments.toString());
    deltas(call, call.halves.rest());
  }

  /** What does not fit the tool is the client's to judge, in the model's own words. */
  private void asFunction(Pending call, Named tool) throws InterruptedException {
    sink.accept(
        new Piece.ToolCall(call.number, call.callId, tool.name(), Piece.ToolCall.Kind.FUNCTION));
    deltas(call, call.arguments.isEmpty() ? "{}" : call.arguments.toString());
    deltas(call, call.halves.rest());
  }

  private void deltas(Pending call, String text) throws InterruptedException {
    String whole = call.halves.whole(text);
    if (!whole.isEmpty()) {
      sink.accept(new Piece.ToolCallDelta(call.number, whole));
    }
  }

  /** One call. */
  private static final class Pending {

    private final int number;
    private final String id;
    private final String callId;
    private final StringBuilder arguments = new StringBuilder();
    private final Halves halves = new Halves();
    private String name = "";
    private @Nullable CustomInput custom;
    private @Nullable Named client;
    private int taken;
    private @Nullable GrammarCheck grammar;
    private boolean begun;
    private boolean closed;

    Pending(int number, String id, String callId) {
      this.number = number;
      this.id = id;
      this.callId = callId;
    }

    /** Some engines end with a chunk that has every call once more. */
    boolean saidAgain(String otherId, String otherName, String again) {
      return !again.isBlank()
          && !otherId.isEmpty()
          && otherId.equals(id)
          && otherName.equals(name)
          && isWhole()
          && again.contentEquals(arguments);
    }

    /** Some engines give every call the index 0, and some of those give no ids. */
    boolean isAnother(String otherId, String otherName, String more) {
      if (otherName.isEmpty() || name.isEmpty()) {
        return false;
      }
      boolean newId = !otherId.isEmpty() && !otherId.equals(id);
      return newId || !otherName.equals(name) || (!more.isBlank() && isWhole());
    }

    void append(String more) throws Nonsense {
      if (closed && !more.isBlank()) {
        throw new Nonsense("sent more arguments for a tool call that was whole");
      }
      arguments.append(more);
    }

    String take() {
      String fresh = arguments.substring(taken);
      taken = arguments.length();
      return fresh;
    }

    boolean isWhole() {
      if (!arguments.toString().stripTrailing().endsWith("}")) {
        return false;
      }
      try {
        byte[] json = arguments.toString().getBytes(StandardCharsets.UTF_8);
        return Json.readStored(json, JsonNode.class).isObject();
      } catch (InvalidJson _) {
        return false;
      }
    }
  }
}
