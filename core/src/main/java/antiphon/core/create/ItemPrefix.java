package antiphon.core.create;

import antiphon.protocol.item.CodeInterpreterCall;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.ComputerCall;
import antiphon.protocol.item.ComputerCallOutput;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FileSearchCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.ImageGenerationCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.LocalShellCall;
import antiphon.protocol.item.LocalShellCallOutput;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.item.McpListTools;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.OutputAudio;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.ShellCall;
import antiphon.protocol.item.ShellCallOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.item.WebSearchCall;

/** The prefixes of item ids, as the API's own ids have them. */
public final class ItemPrefix {

  private ItemPrefix() {}

  /** The prefix of an item of this kind, without the underscore. */
  public static String of(Item item) {
    return switch (item) {
      case Message _ -> "msg";
      case FunctionCall _ -> "fc";
      case FunctionCallOutput _ -> "fco";
      case CustomToolCall _ -> "ctc";
      case CustomToolCallOutput _ -> "ctco";
      case Reasoning _ -> "rs";
      case WebSearchCall _ -> "ws";
      case FileSearchCall _ -> "fs";
      case CodeInterpreterCall _ -> "ci";
      case ImageGenerationCall _ -> "ig";
      case ComputerCall _ -> "cu";
      case ComputerCallOutput _ -> "cuo";
      case LocalShellCall _ -> "lsh";
      case LocalShellCallOutput _ -> "lsho";
      case ShellCall _ -> "sh";
      case ShellCallOutput _ -> "sho";
      case McpListTools _ -> "mcpl";
      case McpCall _ -> "mcp";
      case McpApprovalRequest _ -> "mcpr";
      case McpApprovalResponse _ -> "mcpa";
      case Compaction _ -> "cmp";
      case OutputAudio _ -> "oa";
      case ItemReference _ -> "ref";
      case UnknownItem _ -> "item";
    };
  }
}
