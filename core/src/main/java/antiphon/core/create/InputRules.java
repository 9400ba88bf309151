package antiphon.core.create;

import antiphon.core.response.Ids;
import antiphon.core.response.Rejected;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import antiphon.protocol.response.Instructions;
import java.util.List;
import java.util.Set;

/** The rules for input items. */
final class InputRules {

  static final int MAX_ITEMS = 10_000;
  private static final int MAX_ID = 256;

  /**
   * The kinds of the newest surface, and those that codex sends beyond it, that have no type of
   * their own here; they are kept as given.
   */
  private static final Set<String> KEPT =
      Set.of(
          "additional_tools",
          "agent_message",
          "agent_reasoning",
          "apply_patch_call",
          "apply_patch_call_output",
          "compaction_trigger",
          "configuration_update",
          "context_compaction",
          "program",
          "program_output",
          "tool_search_call",
          "tool_search_output");

  private InputRules() {}

  static void check(CreateResponse request) {
    if (request.instructions() instanceof Instructions.Items(List<Item> instructions)) {
      for (int i = 0; i < instructions.size(); i++) {
        known("instructions[" + i + "]", instructions.get(i));
      }
    }
    switch (request.input()) {
      case null -> needed(request);
      case Input.Text _ -> {}
      case Input.Items(List<Item> items) -> items(request, items);
    }
  }

  private static void needed(CreateResponse request) {
    if (request.previousResponseId() == null
        && request.conversation() == null
        && request.instructions() == null
        && request.prompt() == null) {
      throw Rejected.invalid("input", "Missing required parameter: 'input'.");
    }
  }

  private static void items(CreateResponse request, List<Item> items) {
    if (items.isEmpty()) {
      needed(request);
    }
    Rules.size("input", items, MAX_ITEMS);
    check("input", items);
  }

  /** Checks each of the items of a field. */
  static void check(String field, List<Item> items) {
    for (int i = 0; i < items.size(); i++) {
      String param = field + "[" + i + "]";
      Rules.name(param + ".id", items.get(i).id(), 1, MAX_ID);
      known(param, items.get(i));
      ToolRules.brought(param, items.get(i));
      if (CompactedHistory.isTrigger(items.get(i)) && i < items.size() - 1) {
        throw Rejected.invalid(param, "'compaction_trigger' must be the last item of the input.");
      }
      UrlRules.check(param, items.get(i));
      if (items.get(i) instanceof Message message
          && message.content() instanceof MessageContent.Parts(List<ContentPart> parts)) {
        parts(param, message.role(), parts);
      }
    }
  }

  /** An engine's item of any kind may be said back, by the id that it was given here. */
  private static void known(String param, Item item) {
    if (item instanceof UnknownItem unknown
        && !KEPT.contains(unknown.type())
        && !Ids.isOutput(unknown.idOrEmpty())) {
      throw Rejected.invalid(
          param + ".type",
          "Invalid value for '"
              + param
              + ".type': there is no item of the type '"
              + unknown.type().substring(0, Math.min(64, unknown.type().length()))
              + "'.");
    }
  }

  private static void parts(String param, Role role, List<ContentPart> parts) {
    for (int i = 0; i < parts.size(); i++) {
      part(param + ".content[" + i + "]", role, parts.get(i));
    }
  }

  private static void part(String param, Role role, ContentPart part) {
    switch (part) {
      case InputImage image when image.imageUrl() == null && image.fileId() == null ->
          throw Rejected.invalid(
              param, "An image needs 'image_url' or 'file_id': '" + param + "' has neither.");
      case InputFile file
          when file.fileData() == null && file.fileId() == null && file.fileUrl() == null ->
          throw Rejected.invalid(
              param,
              "A file needs 'file_data', 'file_url' or 'file_id': '" + param + "' has none.");
      case OutputText _, Refusal _ when role != Role.ASSISTANT ->
          throw Rejected.invalid(
              param + ".type",
              "'" + part.type() + "' is only for messages with the role 'assistant'.");
      default -> {}
    }
  }
}
