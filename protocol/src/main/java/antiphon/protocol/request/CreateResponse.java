package antiphon.protocol.request;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.NoNulls;
import antiphon.protocol.json.Required;
import antiphon.protocol.prompt.PromptReference;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.Instructions;
import antiphon.protocol.response.Reasoning;
import antiphon.protocol.response.TextConfig;
import antiphon.protocol.response.Truncation;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /responses}. Null is what was left out or given as null: OpenAI's clients
 * send nulls.
 *
 * @param seed not in MKA1's contract, but engines and other clients know it
 * @param extra fields that this version does not know
 */
public record CreateResponse(
    @Required String model,
    @NoNulls @Nullable List<String> fallbackModels,
    @Nullable Input input,
    @Nullable Instructions instructions,
    @Nullable JsonNode conversation,
    @Nullable String previousResponseId,
    @Nullable PromptReference prompt,
    @NoNulls @Nullable List<Include> include,
    @Nullable TextConfig text,
    @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Nullable Boolean streamEvents,
    @Nullable Boolean store,
    @Nullable Boolean background,
    @Nullable String webhookUrl,
    @Nullable String webhookSecret,
    @NoNulls @Nullable List<Tool> tools,
    @Nullable ToolChoice toolChoice,
    @Nullable Boolean parallelToolCalls,
    @Nullable Integer maxToolCalls,
    @Nullable Reasoning reasoning,
    @Nullable Long maxOutputTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Stop stop,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty,
    @Nullable Boolean doSample,
    @Nullable Map<String, JsonNode> extraBody,
    @Nullable Map<String, JsonNode> chatTemplateKwargs,
    @Nullable JsonNode prefillThink,
    @Nullable Boolean useCache,
    @Nullable Integer topLogprobs,
    @Nullable Truncation truncation,
    @NoNulls @Nullable List<JsonNode> contextManagement,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable AskedTier serviceTier,
    @Nullable String promptCacheKey,
    @Nullable JsonNode promptCacheRetention,
    @Nullable JsonNode moderation,
    @Nullable String safetyIdentifier,
    @NoNulls @Nullable Map<String, String> metadata,
    @NoNulls @Nullable List<Modality> modalities,
    @Nullable JsonNode audio,
    @Nullable String user,
    @Nullable Long seed,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public CreateResponse {
    extra = Extra.all(extra);
  }

  /** The same request without what is stored beside it or matters to the connection alone. */
  public CreateResponse withoutInput() {
    return new CreateResponse(
        model,
        fallbackModels,
        null,
        instructions,
        conversation,
        previousResponseId,
        prompt,
        include,
        text,
        null,
        null,
        streamEvents,
        store,
        background,
        webhookUrl,
        webhookSecret,
        tools,
        toolChoice,
        parallelToolCalls,
        maxToolCalls,
        reasoning,
        maxOutputTokens,
        temperature,
        topP,
        stop,
        topK,
        minP,
        repetitionPenalty,
        doSample,
        extraBody,
        chatTemplateKwargs,
        prefillThink,
        useCache,
        topLogprobs,
        truncation,
        contextManagement,
        presencePenalty,
        frequencyPenalty,
        serviceTier,
        promptCacheKey,
        promptCacheRetention,
        moderation,
        safetyIdentifier,
        null,
        modalities,
        audio,
        user,
        seed,
        extra);
  }

  /** What may be included in an answer beyond the usual. */
  public enum Include {
    WEB_SEARCH_SOURCES("web_search_call.action.sources"),
    WEB_SEARCH_RESULTS("web_search_call.results"),
    CODE_INTERPRETER_OUTPUTS("code_interpreter_call.outputs"),
    COMPUTER_IMAGE_URL("computer_call_output.output.image_url"),
    FILE_SEARCH_RESULTS("file_search_call.results"),
    INPUT_IMAGE_URL("message.input_image.image_url"),
    LOGPROBS("message.output_text.logprobs"),
    ENCRYPTED_REASONING("reasoning.encrypted_content");

    private final String wire;

    Include(String wire) {
      this.wire = wire;
    }

    /** The value on the wire. */
    @JsonValue
    public String wire() {
      return wire;
    }
  }

  /** A way to answer. */
  public enum Modality {
    TEXT("text"),
    AUDIO("audio");

    private final String wire;

    Modality(String wire) {
      this.wire = wire;
    }

    /** The value on the wire. */
    @JsonValue
    public String wire() {
      return wire;
    }
  }

  /** About the stream alone. */
  public record StreamOptions(
      @Nullable Boolean includeUsage, @Nullable Boolean includeObfuscation) {}

  /** Texts that end the output: one or several on the wire. */
  public record Stop(List<String> texts) {
    public Stop {
      texts = List.copyOf(texts);
    }
  }
}
