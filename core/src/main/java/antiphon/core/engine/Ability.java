package antiphon.core.engine;

import antiphon.core.engine.Engine.Refusal;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputAudio;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Effort;
import antiphon.protocol.response.TextFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that not every model can do. A model that lacks it refuses requests that need it. */
public enum Ability {
  /** Images in the input. */
  VISION,
  /** Audio in the input. */
  AUDIO,
  /** Files in the input. */
  FILES,
  /** Calling tools. */
  TOOLS,
  /** Thinking before the answer. */
  REASONING,
  /** Answers that follow a JSON schema. */
  STRUCTURED_OUTPUT;

  /** What of this turn needs the ability, named for the client; empty if nothing does. */
  Optional<Refusal> neededBy(Turn turn, String model) {
    String param = param(turn);
    return param == null ? Optional.empty() : Optional.of(refusal(param, model));
  }

  private @Nullable String param(Turn turn) {
    CreateResponse request = turn.request();
    return switch (this) {
      case VISION -> holds(turn.items(), InputImage.class) ? "input" : null;
      case AUDIO -> holds(turn.items(), InputAudio.class) ? "input" : null;
      case FILES -> holds(turn.items(), InputFile.class) ? "input" : null;
      case TOOLS -> request.tools() != null && !request.tools().isEmpty() ? "tools" : brought(turn);
      case REASONING -> thinks(request) ? "reasoning.effort" : null;
      case STRUCTURED_OUTPUT -> structured(request) ? "text.format" : null;
    };
  }

  private static @Nullable String brought(Turn turn) {
    return AdditionalTools.in(turn.items()).isEmpty() ? null : "input";
  }

  private Refusal refusal(String param, String model) {
    String what =
        switch (this) {
          case VISION -> "images";
          case AUDIO -> "audio";
          case FILES -> "files";
          case TOOLS -> "tools";
          case REASONING -> "reasoning";
          case STRUCTURED_OUTPUT -> "structured output";
        };
    return new Refusal(
        param, "Invalid '" + param + "': the model '" + model + "' does not support " + what + ".");
  }

  private static boolean thinks(CreateResponse request) {
    return request.reasoning() != null
        && request.reasoning().effort() != null
        && !request.reasoning().effort().equals(Effort.NONE);
  }

  private static boolean structured(CreateResponse request) {
    return request.text() != null
        && request.text().format() != null
        && !(request.text().format() instanceof TextFormat.Text);
  }

  private static boolean holds(List<Item> items, Class<? extends ContentPart> kind) {
    return items.stream().flatMap(item -> parts(item).stream()).anyMatch(kind::isInstance);
  }

  private static List<ContentPart> parts(Item item) {
    return switch (item) {
      case Message message when message.content() instanceof MessageContent.Parts parts ->
          parts.parts();
      case FunctionCallOutput output -> parts(output.output());
      case CustomToolCallOutput output -> parts(output.output());
      default -> List.of();
    };
  }

  private static List<ContentPart> parts(ToolOutput output) {
    return output instanceof ToolOutput.Parts parts ? parts.parts() : List.of();
  }
}
