package antiphon.engines.chat;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.AnswerTaker;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.engines.upstream.Faults;
import antiphon.engines.upstream.Halves;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Translates the chunks of one turn into pieces. Holds what has to wait for the next chunk. */
final class ChatStream implements AnswerTaker {

  private final Faults faults;
  private final PieceSink sink;
  private final ThinkTags tags;
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

  /**
   * @param model what the turn asked for
   * @param customNames the tools whose calls are custom calls
   */
  ChatStream(
      ChatSettings settings, Faults faults, String model, Set<String> customNames, PieceSink sink) {
    this.faults = faults;
    this.sink = sink;
    this.model = model;
    this.tags = new ThinkTags(settings.thinking());
    this.calls = new ToolCalls(customNames, sink);
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
    var _ = event(answer);
  }

  @Override
  public boolean event(JsonNode chunk) throws EngineException, Nonsense, InterruptedException {
    JsonNode error = chunk.path("error");
    if (!error.isMissingNode() && !error.isNull()) {
      throw faults.reported(error);
    }
    if (!chunk.isObject()) {
      throw new Nonsense("sent a chunk that is no object");
    }
    model = chunk.path("model").asString(model);
    int before = deltas;
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt(0) == 0) {
        choice(choice);
      }
    }
    Usage told = ChatUsage.of(chunk);
    if (told != null) {
      usage = told;
      sink.accept(new Piece.UsageSoFar(told));
    }
    return deltas > before || finish != null;
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
    TurnResult.Reason mapped =
        switch (reason) {
          case "length", "max_tokens", "model_length" -> TurnResult.Reason.LENGTH;
          case "content_filter" -> TurnResult.Reason.CONTENT_FILTER;
          case "error", "abort", "aborted", "cancelled", "insufficient_system_resource" ->
              throw new Nonsense("stopped in the middle of its answer: " + reason);
          default -> TurnResult.Reason.STOP;
        };
    rest();
    Usage used = usage == null ? Usage.of(estimatedInput, deltas) : usage;
    return new TurnResult(mapped, used, model);
  }

  private void choice(JsonNode choice) throws Nonsense, InterruptedException {
    JsonNode delta =
        choice.path("delta").isObject() ? choice.path("delta") : choice.path("message");
    for (JsonNode entry : choice.path("logprobs").path("content")) {
      logprobs.add(Json.convert(entry, LogProb.class));
    }
    String thought = delta.path("reasoning_content").asString("");
    think(thought.isEmpty() ? delta.path("reasoning").asString("") : thought);
    content(delta.path("content"));
    refuse(delta.path("refusal").asString(""));
    int position = 0;
    for (JsonNode call : delta.path("tool_calls")) {
      tags.call(this::tagged);
      deltas++;
      calls.accept(call, position++);
    }
    String reason = choice.path("finish_reason").asString("");
    if (!reason.isEmpty()) {
      finish = reason;
    }
  }

  /** A string; Mistral's engines send parts. */
  private void content(JsonNode content) throws InterruptedException {
    if (content.isString()) {
      say(content.asString());
    }
    for (JsonNode part : content.isArray() ? content : List.<JsonNode>of()) {
      for (JsonNode thought : part.path("thinking")) {
        think(thought.path("text").asString(""));
      }
      say(part.path("text").asString(""));
    }
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
  }

  private void rest(Halves halves, boolean thought) throws InterruptedException {
    String left = halves.rest();
    if (!left.isEmpty()) {
      sink.accept(piece(left, thought));
    }
  }
}
