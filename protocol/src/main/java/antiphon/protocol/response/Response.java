package antiphon.protocol.response;

import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import antiphon.protocol.prompt.PromptReference;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The response object. One form serves MKA1's client, OpenAI's clients and the Open Responses
 * schema: what any of them requires is always written, null where it may be.
 *
 * @param createdAt whole Unix seconds
 * @param completedAt whole Unix seconds; set on every end, null before
 * @param usage zeros while running
 * @param extra hints that are shown as they came
 */
// Made from other fields: what is read of them is not kept.
@JsonIgnoreProperties(
    value = {"object", "output_text"},
    allowGetters = true)
@JsonPropertyOrder({"id", "object", "created_at", "status"})
public record Response(
    @Required String id,
    long createdAt,
    @Required ResponseStatus status,
    @AlwaysWritten @Nullable Long completedAt,
    @AlwaysWritten @Nullable ResponseError error,
    @AlwaysWritten @Nullable IncompleteDetails incompleteDetails,
    boolean background,
    @AlwaysWritten @Nullable Instructions instructions,
    @AlwaysWritten @Nullable Long maxOutputTokens,
    @AlwaysWritten @Nullable Integer maxToolCalls,
    @Required Map<String, String> metadata,
    @Required String model,
    @Required List<Item> output,
    boolean parallelToolCalls,
    @AlwaysWritten @Nullable String previousResponseId,
    boolean store,
    @Required @JsonSerialize(using = ShownText.class) TextConfig text,
    @Required ToolChoice toolChoice,
    @Required @JsonSerialize(contentUsing = ShownTool.class) List<Tool> tools,
    @Required Truncation truncation,
    @Required Usage usage,
    @AlwaysWritten @Nullable String user,
    double temperature,
    double topP,
    double presencePenalty,
    double frequencyPenalty,
    int topLogprobs,
    @Required AskedTier serviceTier,
    @Required Reasoning reasoning,
    @Nullable ConversationRef conversation,
    @Nullable PromptReference prompt,
    @AlwaysWritten @Nullable String promptCacheKey,
    @AlwaysWritten @Nullable String safetyIdentifier,
    @Nullable JsonNode promptCacheRetention,
    @Nullable JsonNode moderation,
    @Nullable String resolvedModel,
    @Nullable String resolvedProvider,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public Response {
    output = List.copyOf(output);
    tools = List.copyOf(tools);
    extra = Extra.all(extra);
  }

  /** Always {@code response}. */
  @JsonProperty("object")
  public String object() {
    return "response";
  }

  /** All the text of all messages, as one. */
  @JsonProperty("output_text")
  public String outputText() {
    StringBuilder text = new StringBuilder();
    for (Item item : output) {
      if (item instanceof Message message
          && message.content() instanceof MessageContent.Parts(var parts)) {
        parts.forEach(part -> {
          if (part instanceof OutputText written) {
            text.append(written.text());
          }
        });
      }
    }
    return text.toString();
  }

  /** An empty builder; what is required must be set before {@link ResponseBuilder#build}. */
  public static ResponseBuilder builder() {
    return new ResponseBuilder();
  }

  /** A builder that begins with this response. */
  public ResponseBuilder toBuilder() {
    return new ResponseBuilder(this);
  }
}
