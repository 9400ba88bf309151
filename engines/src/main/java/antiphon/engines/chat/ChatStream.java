package antiphon.engines.chat;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.AnswerTaker;
import antiphon.engines.upstream.Ends;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.engines.upstream.Faults;
import antiphon.engines.upstream.Halves;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Translates the chunks of one turn into pieces. Holds what has to wait for the next chunk. */
final class ChatStream implements AnswerTaker {

  /** Where engines put reasoning; one of them alone, where they say it twice. */
  private static final List<String> THOUGHTS =
      List.of("reasoning_content", "reasoning", "reasoning_text", "thinking");

  private final Faults faults;
  private final PieceSink sink;
  private final ThinkTags tags;
  private final OpaqueState state = new OpaqueState();
  private final ToolCalls calls;
  private final Halves text = new Halves();
  private final Halves reasoning = new Halves();
  private final Halves refusal = new Halves();
  private final List<Piece> later = new ArrayList<>();
  private final List<LogProb> logprobs = new ArrayList<>();
  private @Nullable String finish;
  private @Nullable Usage usage;
  private String model;
  private int deltas;
  private boolean thinksInFields;

  /**
   * @param model what the turn asked for
   * @param tools what the engine may call, by its names
   */
  ChatStream(ChatSettings settings, Faults faults, String model, ToolNames tools, PieceSink sink) {
    this.faults = faults;
    this.sink = sink;
    this.model = model;
    this.tags = new ThinkTags(settings.thinking());
    this.calls = new ToolCalls(tools, state, sink);
  }

  @Override
  public boolean ended() {
    return finish != null;
  }

  /** Usage may follow the end. */
  @Override
  public boolean complete() {
    return false;
  }

  @Override
  public void whole(JsonNode answer) throws EngineException, Nonsense, InterruptedException {
    var _ = event("", answer);
  }

  @Override
  public boolean event(String name, JsonNode chunk)
      throws EngineException, Nonsense, InterruptedException {
    if (!chunk.isObject()) {
      if (chunk.path(0).has("error")) {
        throw faults.reported(chunk);
      }
      throw new Nonsense("sent a chunk that is no object");
    }
    JsonNode choices = chunk.path("choices");
    if (isSaid(chunk.path("error"))) {
      throw faults.reported(chunk.path("error"));
    }
    if (!choices.isArray() && isError(chunk)) {
      throw faults.reported(chunk);
    }
    model = chunk.path("model").asString(model);
    int before = deltas;
    for (JsonNode choice : choices) {
      if (choice.path("index").asInt(0) == 0) {
        choice(choice);
      }
    }
    Usage told = ChatUsage.of(chunk, usage);
    if (told != null && !told.equals(usage)) {
      usage = told;
      sink.accept(new Piece.UsageSoFar(told));
    }
    return deltas > before || finish != null;
  }

  /** An error that is the whole chunk: {@code {"object":"error","message":…}} and its kin. */
  private static boolean isError(JsonNode chunk) {
    return chunk.path("object").asString("").equalsIgnoreCase("error")
        || chunk.has("detail")
        || chunk.has("errors")
        || (chunk.has("message") && (chunk.has("code") || chunk.has("type")));
  }

  private static boolean isSaid(JsonNode error) {
    boolean empty = error.isMissingNode() || error.isNull();
    return !empty && !(error.isString() && error.asString().isBlank()) && !isFalse(error);
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.asBoolean();
  }

  /**
   * The end of the stream.
   *
   * @param estimatedInput tokens, for engines that tell no usage
   */
  TurnResult end(int estimatedInput) throws EngineException, Nonsense, InterruptedException {
    String reason = finish;
    if (reason == null) {
      throw new Nonsense("ended its answer without a finish_reason");
    }
    TurnResult.Reason mapped = Ends.of(reason);
    if (mapped == null) {
      throw new Nonsense("stopped in the middle of its answer: " + reason);
    }
    rest();
    Usage used = ChatUsage.filled(usage, estimatedInput, deltas);
    return new TurnResult(mapped, used, model);
  }

  private void choice(JsonNode choice) throws EngineException, Nonsense, InterruptedException {
    if (isSaid(choice.path("error"))) {
      throw faults.reported(choice.path("error"));
    }
    JsonNode delta = choice.path("delta");
    if (delta.isEmpty()) {
      delta = choice.path("message");
    }
    for (JsonNode entry : choice.path("logprobs").path("content")) {
      LogProb read = ChatLogProbs.of(entry);
      if (read != null) {
        logprobs.add(read);
      }
    }
    state.ofMessage(delta);
    think(thought(delta));
    content(delta.path("content"));
    if (delta.isMissingNode()) {
      content(choice.path("text"));
    }
    refuse(delta.path("refusal").asString(""));
    calls(delta);
    String reason = choice.path("finish_reason").asString("");
    if (!reason.isEmpty()) {
      finish = reason;
    }
  }

  private String thought(JsonNode delta) {
    for (String field : THOUGHTS) {
      JsonNode thought = delta.path(field);
      if (thought.isString() && !thought.asString().isEmpty()) {
        thinksInFields = true;
        return thought.asString();
      }
    }
    return thinksInFields ? "" : OpaqueState.thought(delta);
  }

  private void calls(JsonNode delta) throws Nonsense, InterruptedException {
    int position = 0;
    for (JsonNode call : delta.path("tool_calls")) {
      call(call, position++);
    }
    // What it was called before there could be several.
    JsonNode single = delta.path("function_call");
    if (single.isObject()) {
      call(ChatRequests.object().set("function", single), 0);
    }
  }

  private void call(JsonNode call, int position) throws Nonsense, InterruptedException {
    tags.call(this::tagged);
    deltas++;
    calls.accept(call, position);
  }

  /** A string; some engines send parts, or one part alone. */
  private void content(JsonNode content) throws InterruptedException {
    if (content.isString()) {
      say(content.asString());
    } else if (content.isArray()) {
      for (JsonNode part : content) {
        part(part);
      }
    } else if (content.isObject()) {
      part(content);
    }
  }

  private void part(JsonNode part) throws InterruptedException {
    if (part.isString()) {
      say(part.asString());
      return;
    }
    JsonNode thinking = part.path("thinking");
    if (thinking.isString()) {
      think(thinking.asString());
    }
    for (JsonNode thought : thinking) {
      think(thought.isString() ? thought.asString() : thought.path("text").asString(""));
    }
    refuse(part.path("refusal").asString(""));
    say(part.path("text").asString(""));
  }

  private void say(String delta) throws InterruptedException {
    if (!delta.isEmpty()) {
      deltas++;
      tags.accept(delta, this::tagged);
    }
  }

  private void think(String delta) throws InterruptedException {
    if (!delta.isEmpty()) {
      deltas++;
      tags.off();
      tagged(delta, true);
    }
  }

  private void refuse(String delta) throws InterruptedException {
    String whole = delta.isEmpty() ? "" : refusal.whole(delta);
    if (!whole.isEmpty()) {
      deltas++;
      hand(new Piece.RefusalText(whole));
    }
  }

  private void tagged(String delta, boolean thought) throws InterruptedException {
    String whole = (thought ? reasoning : text).whole(delta);
    if (!whole.isEmpty()) {
      hand(piece(whole, thought));
    }
  }

  private Piece piece(String delta, boolean thought) {
    if (thought) {
      logprobs.clear();
      return new Piece.ReasoningText(delta);
    }
    List<LogProb> given = List.copyOf(logprobs);
    logprobs.clear();
    return new Piece.Text(delta, given);
  }

  /** What comes in the middle of a call's arguments waits for the call's end. */
  private void hand(Piece piece) throws InterruptedException {
    if (later.isEmpty() && calls.settle()) {
      if (!(piece instanceof Piece.ReasoningText)) {
        calls.keep();
      }
      sink.accept(piece);
    } else if (!(piece instanceof Piece.Text blank && blank.delta().isBlank())) {
      later.add(piece);
    }
  }

  private void rest() throws Nonsense, InterruptedException {
    tags.end(this::tagged);
    calls.end();
    for (Piece piece : later) {
      sink.accept(piece);
    }
    rest(reasoning, true);
    rest(text, false);
    String left = refusal.rest();
    if (!left.isEmpty()) {
      sink.accept(new Piece.RefusalText(left));
    }
    calls.keep();
  }

  private void rest(Halves halves, boolean thought) throws InterruptedException {
    String left = halves.rest();
    if (!left.isEmpty()) {
      sink.accept(piece(left, thought));
    }
  }
}
