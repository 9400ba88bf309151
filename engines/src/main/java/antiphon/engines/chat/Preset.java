package antiphon.engines.chat;

import antiphon.engines.chat.ChatSettings.MaxTokens;
import antiphon.engines.chat.ChatSettings.Thinking;
import antiphon.engines.chat.ChatSettings.WholeAnswers;
import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known of a named engine or hosted API: the values that its settings have unless the
 * configuration says otherwise.
 *
 * @param keyHeader where its key goes; null for a bearer token
 * @param encryptedReasoning whether its Responses API takes reasoning back in encrypted form only
 * @param responsesOmit fields that its Responses API refuses
 */
public record Preset(
    MaxTokens maxTokens,
    boolean developerRole,
    Thinking thinking,
    @Nullable String reasoningField,
    boolean continuesMessages,
    Tokenizer tokenizer,
    @Nullable String keyHeader,
    boolean encryptedReasoning,
    Set<String> responsesOmit,
    Dialect dialect) {

  /** What nearly every engine understands. */
  public static final Preset USUAL =
      new Preset(
          MaxTokens.MAX_TOKENS,
          false,
          Thinking.TAGS,
          null,
          false,
          Tokenizer.DETECT,
          null,
          false,
          Set.of(),
          Dialect.USUAL);

  /** All of them by the names that the configuration knows. */
  public static final Map<String, Preset> ALL = all();

  private static Map<String, Preset> all() {
    Map<String, Preset> all = new LinkedHashMap<>();
    all.put("openai", openAi());
    all.put("azure", azure());
    all.put("mistral", mistral());
    all.put("groq", groq());
    all.put("cerebras", cerebras());
    all.put("gemini", gemini());
    all.put("deepseek", deepSeek());
    all.put("openrouter", openRouter());
    all.put("vllm", vllm());
    all.put("sglang", sglang());
    all.put("ollama", USUAL.counting(Tokenizer.NONE));
    all.put("lm-studio", USUAL.counting(Tokenizer.NONE));
    all.put("llama.cpp", USUAL.counting(Tokenizer.LLAMA_CPP));
    return Map.copyOf(all);
  }

  private static Preset openAi() {
    Dialect dialect =
        Dialect.USUAL
            .asGiven()
            .thinking()
            .hinting(
                "user",
                "prompt_cache_key",
                "prompt_cache_retention",
                "safety_identifier",
                "service_tier",
                "verbosity");
    return new Preset(
        MaxTokens.MAX_COMPLETION_TOKENS,
        true,
        Thinking.FIELDS,
        null,
        false,
        Tokenizer.NONE,
        null,
        true,
        Set.of(),
        dialect);
  }

  private static Preset azure() {
    Preset like = openAi();
    return new Preset(
        like.maxTokens,
        like.developerRole,
        like.thinking,
        null,
        false,
        Tokenizer.NONE,
        "api-key",
        true,
        Set.of(),
        like.dialect.hinting("user", "prompt_cache_key", "verbosity"));
  }

  private static Preset mistral() {
    Dialect dialect =
        Dialect.USUAL
            .thinking("none", "high")
            .without(Set.of("stream_options"))
            .calling(Map.of("seed", "random_seed"))
            .identifying(CallIds.NINE);
    return USUAL.counting(Tokenizer.NONE).speaking(dialect);
  }

  private static Preset groq() {
    return USUAL
        .limiting(MaxTokens.MAX_COMPLETION_TOKENS)
        .counting(Tokenizer.NONE)
        .speaking(Dialect.USUAL.hinting("user"))
        .refusing(
            Set.of(
                "include",
                "prompt_cache_key",
                "prompt_cache_retention",
                "safety_identifier",
                "truncation"));
  }

  private static Preset cerebras() {
    return USUAL
        .limiting(MaxTokens.MAX_COMPLETION_TOKENS)
        .counting(Tokenizer.NONE)
        .speaking(Dialect.USUAL.hinting("user"));
  }

  private static Preset gemini() {
    Dialect dialect =
        Dialect.USUAL
            .thinking("none", "minimal", "low", "medium", "high")
            .without(Set.of("tools.function.strict"));
    return USUAL.counting(Tokenizer.NONE).speaking(dialect);
  }

  private static Preset deepSeek() {
    return new Preset(
        MaxTokens.MAX_TOKENS,
        false,
        Thinking.FIELDS,
        "reasoning_content",
        false,
        Tokenizer.NONE,
        null,
        false,
        Set.of(),
        Dialect.USUAL.thinking("low", "medium", "high", "xhigh", "max"));
  }

  private static Preset openRouter() {
    Dialect dialect =
        Dialect.USUAL
            .thinking("none", "minimal", "low", "medium", "high", "xhigh")
            .hinting("user", "prompt_cache_key", "verbosity");
    return USUAL.counting(Tokenizer.NONE).speaking(dialect);
  }

  private static Preset vllm() {
    return USUAL
        .continuing()
        .counting(Tokenizer.VLLM)
        .speaking(Dialect.USUAL.hinting("user").countingAlong());
  }

  private static Preset sglang() {
    return USUAL
        .continuing()
        .counting(Tokenizer.NONE)
        .speaking(Dialect.USUAL.hinting("user").countingAlong());
  }

  /** Its settings for one server. */
  public ChatSettings at(UpstreamSettings upstream) {
    return new ChatSettings(
        upstream,
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        tokenizer,
        WholeAnswers.WHEN_QUICK,
        Map.<String, JsonNode>of(),
        dialect);
  }

  private Preset limiting(MaxTokens field) {
    return new Preset(
        field,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        tokenizer,
        keyHeader,
        encryptedReasoning,
        responsesOmit,
        dialect);
  }

  private Preset continuing() {
    return new Preset(
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        true,
        tokenizer,
        keyHeader,
        encryptedReasoning,
        responsesOmit,
        dialect);
  }

  private Preset counting(Tokenizer with) {
    return new Preset(
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        with,
        keyHeader,
        encryptedReasoning,
        responsesOmit,
        dialect);
  }

  private Preset speaking(Dialect other) {
    return new Preset(
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        tokenizer,
        keyHeader,
        encryptedReasoning,
        responsesOmit,
        other);
  }

  private Preset refusing(Set<String> fields) {
    return new Preset(
        maxTokens,
        developerRole,
        thinking,
        reasoningField,
        continuesMessages,
        tokenizer,
        keyHeader,
        encryptedReasoning,
        fields,
        dialect);
  }
}
