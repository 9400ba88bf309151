package antiphon.engines.chat;

import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An engine that speaks Chat Completions, and how its dialect differs from the next one's.
 *
 * @param upstream where it is
 * @param maxTokens what it calls the limit of output tokens
 * @param developerRole whether it knows the role {@code developer}; else {@code system} is sent
 * @param thinking where reasoning may stand
 * @param reasoningField the field of an assistant's message in which the engine takes its earlier
 *     reasoning back, {@code reasoning_content} say; null sends none, as most engines want it
 * @param continuesMessages whether it goes on with a half message when asked by {@code
 *     continue_final_message}, as vLLM and SGLang do
 * @param tokenizer what it offers for counting tokens
 * @param wholeAnswers when it is asked for its answer in one piece
 * @param extraBody sent with every request, unless the request's own {@code extra_body} has it
 * @param dialect what it takes of a request
 */
public record ChatSettings(
    UpstreamSettings upstream,
    MaxTokens maxTokens,
    boolean developerRole,
    Thinking thinking,
    @Nullable String reasoningField,
    boolean continuesMessages,
    Tokenizer tokenizer,
    WholeAnswers wholeAnswers,
    Map<String, JsonNode> extraBody,
    Dialect dialect) {

  /** The hints there are, see {@link Dialect#hints}. */
  public static final Set<String> HINTS =
      Set.of(
          "user",
          "prompt_cache_key",
          "prompt_cache_retention",
          "safety_identifier",
          "service_tier",
          "verbosity");

  public ChatSettings {
    extraBody = Map.copyOf(extraBody);
  }

  /** Without fields of its own, its tokenizer found out. */
  public ChatSettings(
      UpstreamSettings upstream,
      MaxTokens maxTokens,
      boolean developerRole,
      Thinking thinking,
      @Nullable String reasoningField,
      boolean continuesMessages) {
    this(
        upstream,
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        Tokenizer.DETECT,
        WholeAnswers.WHEN_QUICK,
        Map.of(),
        developerRole ? Dialect.USUAL.asGiven() : Dialect.USUAL);
  }

  /** What nearly every engine understands. */
  public static ChatSettings of(UpstreamSettings upstream) {
    return Preset.USUAL.at(upstream);
  }

  /** Where an engine puts reasoning that it does not give in a field of its own. */
  public enum Thinking {
    /** Nowhere: text is text. */
    FIELDS,
    /** At the beginning of the text, between think tags. */
    TAGS,
    /** There too, but the prompt has opened the tag already: the text begins with reasoning. */
    OPENED
  }

  /**
   * When an answer that nobody follows is asked for in one piece: less work for both, but a
   * response that is cancelled meanwhile has no text so far, and the turn is the only limit of
   * time.
   */
  public enum WholeAnswers {
    NEVER,
    /** While the model's answers take so little time that hardly any can be cancelled. */
    WHEN_QUICK,
    ALWAYS
  }

  /** The field for the limit of output tokens. */
  public enum MaxTokens {
    /** {@code max_tokens}: known to all engines but OpenAI's newer models. */
    MAX_TOKENS,
    /** {@code max_completion_tokens}: OpenAI's newer models refuse the other. */
    MAX_COMPLETION_TOKENS,
    /** Both with the same value. */
    BOTH
  }
}
