package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/** An item of a conversation: a message, a call of a tool, what a tool gave back, and so on. */
@JsonPropertyOrder({"id", "type"})
public sealed interface Item
    permits CodeInterpreterCall,
        Compaction,
        ComputerCall,
        ComputerCallOutput,
        CustomToolCall,
        CustomToolCallOutput,
        FileSearchCall,
        FunctionCall,
        FunctionCallOutput,
        ImageGenerationCall,
        ItemReference,
        LocalShellCall,
        LocalShellCallOutput,
        McpApprovalRequest,
        McpApprovalResponse,
        McpCall,
        McpListTools,
        Message,
        OutputAudio,
        Reasoning,
        ShellCall,
        ShellCallOutput,
        UnknownItem,
        WebSearchCall {

  /** The kind, as on the wire. */
  @JsonProperty("type")
  String type();

  /** Null only in input that came without one. */
  @Nullable String id();

  /** The id, or the empty text if there is none. */
  default String idOrEmpty() {
    String id = id();
    return id == null ? "" : id;
  }

  /** Null where the kind has none, or it was not given. */
  @Nullable ItemStatus status();

  /** The same item with this id. */
  Item withId(String id);

  /** The same item with this status, where its kind has one. */
  Item withStatus(ItemStatus status);
}
