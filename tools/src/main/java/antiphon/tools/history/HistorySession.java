package antiphon.tools.history;

import antiphon.core.log.NextEvent;
import antiphon.core.memory.Memory;
import antiphon.core.memory.Memory.Remembered;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolOutputSink;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.HistoryCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.tool.FunctionTool;
import antiphon.tools.own.OwnCallItem;
import antiphon.tools.own.OwnItem;
import antiphon.tools.schema.Arguments;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The searches of one run in its owner's memory. */
final class HistorySession implements ToolSession {

  private static final int USUAL_RESULTS = 5;
  private static final int MOST_RESULTS = 20;

  private static final FunctionTool FUNCTION =
      Arguments.function(
          HistoryRunner.NAME,
          "Searches what was said with this user in earlier conversations, by meaning and by words."
              + " Use it where something is referred to that is not in this conversation.",
          """
          {"type":"object","properties":{
            "query":{"type":"string","description":"What to look for, in whole words."},
            "max_results":{"type":"integer","minimum":1,"maximum":%d}},
           "required":["query"],"additionalProperties":false}\
          """
              .formatted(MOST_RESULTS));

  private final Memory memory;
  private final ToolContext context;
  private boolean noted;

  HistorySession(Memory memory, ToolContext context) {
    this.memory = memory;
    this.context = context;
  }

  /** From here on a crash does not lose it. What is not stored is not remembered. */
  @Override
  public void prepare(List<Item> conversation, ToolOutputSink output) {
    if (!noted && !Boolean.FALSE.equals(context.request().store())) {
      memory.note(context.response());
      noted = true;
    }
  }

  @Override
  public List<FunctionTool> functions() {
    return List.of(FUNCTION);
  }

  @Override
  public CallItem show(String function) {
    return new OwnCallItem(
        HistoryRunner.NAME,
        (id, index, arguments) -> {
          JsonNode args = Arguments.only(arguments, "query");
          return List.of(seq -> new HistoryCallEvent.InProgress(seq, id, index, args));
        });
  }

  /** Looking twice does no harm. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    return switch (Arguments.read(FUNCTION, call.arguments())) {
      case Arguments.Wrong(String why) -> failed(call, why);
      case Arguments.Good(JsonNode arguments) -> search(call, arguments, progress);
    };
  }

  private ToolOutcome search(ToolCall call, JsonNode arguments, ToolProgress progress)
      throws InterruptedException {
    String query = arguments.path("query").asString();
    if (query.isBlank()) {
      return failed(call, "'query' must not be empty.");
    }
    int limit = Math.clamp(arguments.path("max_results").asInt(USUAL_RESULTS), 1, MOST_RESULTS);
    progress.show(seq -> new HistoryCallEvent.Searching(seq, call.itemId(), call.outputIndex()));
    try {
      String found = shown(memory.recall(context.response().owner(), query, limit));
      return ToolOutcome.Done.of(
          OwnItem.done(call, HistoryRunner.NAME, found), List.of(completed(call, found)), found);
    } catch (Rejected e) {
      return failed(call, e.problem().message());
    } catch (StoreException e) {
      return failed(call, "The memory cannot be searched at the moment.");
    }
  }

  private static String shown(List<Remembered> found) {
    if (found.isEmpty()) {
      return "Nothing was found.";
    }
    StringBuilder text = new StringBuilder("From earlier conversations, what fits best first:\n");
    for (Remembered one : found) {
      text.append("\n[")
          .append(Instant.ofEpochMilli(one.at()).atOffset(ZoneOffset.UTC).toLocalDate())
          .append("]\n")
          .append(one.text())
          .append('\n');
    }
    return text.toString();
  }

  private static ToolOutcome failed(ToolCall call, String why) {
    return ToolOutcome.Done.of(
        OwnItem.failed(call, HistoryRunner.NAME, why), List.of(completed(call, why)), why);
  }

  private static NextEvent completed(ToolCall call, String output) {
    return seq -> new HistoryCallEvent.Completed(seq, call.itemId(), call.outputIndex(), output);
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return OwnItem.failed(call, HistoryRunner.NAME, reason);
  }

  @Override
  public void close() {
    memory.ended();
  }
}
