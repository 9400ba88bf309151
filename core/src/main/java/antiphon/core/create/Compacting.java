package antiphon.core.create;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.Calls;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.PlainText;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a conversation is kept word for word when it is compacted, and the rest as a text to be
 * summed up. Kept are what the system and the developer say, the last of the user's messages, and
 * calls without an output, with the reasoning that led to them.
 */
public final class Compacting {

  /** How much of the user's messages is kept, in bytes of JSON; the last one always is. */
  static final int USER_BYTES = 64 * 1024;

  /** What is longer in the text is cut in its middle, in characters. */
  private static final int LONGEST = 20_000;

  private Compacting() {}

  /**
   * A conversation that was taken apart.
   *
   * @param before is kept, and comes before the summary
   * @param after is kept, and comes after it
   * @param transcript all that was said, item by item, oldest first
   */
  public record Parts(List<Item> before, List<Item> after, List<String> transcript) {}

  /**
   * Takes a conversation apart.
   *
   * @param items oldest first, as they are to be kept
   * @param opened the same, each as a model sees it
   */
  public static Parts of(List<Item> items, List<Item> opened) {
    Set<Integer> before = new TreeSet<>();
    Set<Integer> after = new TreeSet<>();
    long users = 0;
    boolean full = false;
    Map<Integer, Integer> answered = Calls.pairs(items);
    for (int i = items.size() - 1; i >= 0; i--) {
      Item item = items.get(i);
      if (Calls.callId(item) != null && !Calls.brokenOff(item) && !answered.containsKey(i)) {
        after.add(i);
        for (int j = i - 1; j >= 0 && items.get(j) instanceof Reasoning; j--) {
          after.add(j);
        }
      } else if (item instanceof Message message && message.role() == Role.USER) {
        int bytes = Json.bytes(item).length;
        full |= users > 0 && users + bytes > USER_BYTES;
        if (!full) {
          users += bytes;
          before.add(i);
        }
      } else if (item instanceof Message message && message.role() != Role.ASSISTANT) {
        before.add(i);
      } else if (AdditionalTools.holdsOn(item)) {
        // Else the model would have no tools any more.
        before.add(i);
      }
    }
    List<String> transcript = new ArrayList<>();
    for (int i = 0; i < opened.size(); i++) {
      String line = after.contains(i) ? "" : text(opened.get(i));
      if (!line.isEmpty()) {
        transcript.add(line);
      }
    }
    return new Parts(
        before.stream().map(items::get).toList(),
        after.stream().map(items::get).toList(),
        transcript);
  }

  private static String text(Item item) {
    return switch (item) {
      case Message message -> message.role().wire() + ": " + shortened(text(message.content()));
      case FunctionCall call ->
          "tool call " + call.name() + ": " + shortened(String.valueOf(call.arguments()));
      case CustomToolCall call ->
          "tool call " + call.name() + ": " + shortened(String.valueOf(call.input()));
      case FunctionCallOutput output -> "tool result: " + shortened(Json.text(output.output()));
      case CustomToolCallOutput output -> "tool result: " + shortened(Json.text(output.output()));
      case Reasoning _ -> "";
      case UnknownItem unknown when unknown.type().equals("compaction_trigger") -> "";
      case UnknownItem tools when AdditionalTools.holdsOn(tools) -> "";
      default -> item.type() + ": " + shortened(Json.text(item));
    };
  }

  private static String text(MessageContent content) {
    return switch (content) {
      case MessageContent.Text(String text) -> text;
      case MessageContent.Parts(List<ContentPart> parts) -> {
        StringBuilder text = new StringBuilder();
        for (ContentPart part : parts) {
          text.append(
              switch (part) {
                case InputText plain -> plain.text();
                case OutputText plain -> plain.text();
                case PlainText plain -> plain.text();
                default -> "[" + part.type() + "]";
              });
        }
        yield text.toString();
      }
    };
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST / 2) + "\n[…]\n" + text.substring(text.length() - LONGEST / 2);
  }
}
