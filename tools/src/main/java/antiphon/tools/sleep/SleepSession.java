package antiphon.tools.sleep;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.SleepCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.tools.own.OwnCallItem;
import antiphon.tools.own.OwnItem;
import antiphon.tools.schema.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sleeps of one run. What a sleep leaves behind for itself is when it fell asleep. */
final class SleepSession implements ToolSession {

  private static final FunctionTool FUNCTION =
      Arguments.function(
          SleepRunner.NAME,
          "Pauses until a time has passed or come, or until somebody sends a message. Use it to"
              + " wait for something; nothing else happens meanwhile.",
          parameters());

  private final InstantSource clock;

  SleepSession(InstantSource clock) {
    this.clock = clock;
  }

  private static String parameters() {
    return """
    {"type":"object","properties":{
      "duration_seconds":{"type":"integer","minimum":1,"maximum":%d,
        "description":"How long to sleep."},
      "wake_at":{"type":"string","format":"date-time",
        "description":"When to wake up, instead: RFC 3339, such as 2030-01-31T08:00:00Z."},
      "reason":{"type":"string","description":"What is waited for."}}}\
    """
        .formatted(SleepTime.LONGEST.toSeconds());
  }

  @Override
  public List<FunctionTool> functions() {
    return List.of(FUNCTION);
  }

  @Override
  public CallItem show(String function) {
    return new OwnCallItem(
        SleepRunner.NAME,
        (id, index, arguments) -> {
          JsonNode args = SleepTime.shown(arguments);
          return List.of(seq -> new SleepCallEvent.InProgress(seq, id, index, args));
        });
  }

  /** Falling asleep twice does no harm. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) {
    ToolCall.Wake wake = call.wake();
    return wake == null ? fallAsleep(call) : wakeUp(call, wake);
  }

  private ToolOutcome fallAsleep(ToolCall call) {
    Instant now = clock.instant();
    return switch (SleepTime.of(call.arguments(), now)) {
      case SleepTime.Wrong(String why) ->
          ToolOutcome.Done.of(
              OwnItem.failed(call, SleepRunner.NAME, why),
              List.of(completed(call, why, "cancelled")),
              why);
      case SleepTime.Until(Instant until) ->
          new ToolOutcome.Waits(
              until,
              String.valueOf(now.toEpochMilli()),
              List.of(seq ->
                  new SleepCallEvent.Sleeping(
                      seq, call.itemId(), call.outputIndex(), until.toString())));
    };
  }

  private ToolOutcome wakeUp(ToolCall call, ToolCall.Wake wake) {
    String message = wake.message();
    Duration slept =
        Duration.between(Instant.ofEpochMilli(Long.parseLong(wake.state())), clock.instant());
    String status = message == null ? "woke" : "interrupted";
    ObjectNode output =
        JsonNodeFactory.instance
            .objectNode()
            .put("status", status)
            .put("slept_seconds", Math.max(0, slept.toSeconds()))
            .put("now", clock.instant().toString());
    if (message != null) {
      output.put("message", message);
    }
    String text = Json.text(output);
    return ToolOutcome.Done.of(
        OwnItem.done(call, SleepRunner.NAME, text), List.of(completed(call, text, status)), text);
  }

  private static NextEvent completed(ToolCall call, String output, String status) {
    return seq ->
        new SleepCallEvent.Completed(seq, call.itemId(), call.outputIndex(), output, status);
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return OwnItem.failed(call, SleepRunner.NAME, reason);
  }
}
