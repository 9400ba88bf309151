package antiphon.engines.upstream;

import antiphon.core.engine.TurnResult.Reason;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words with which engines say why they stopped. Those that are not here are no good end:
 * whoever invents one means that something went wrong.
 */
public final class Ends {

  private static final Map<String, Reason> WORDS = new HashMap<>();

  static {
    all(
        Reason.STOP,
        "stop",
        "stopped",
        "stop_sequence",
        "eos",
        "eos_token",
        "eos_found",
        "eosfound",
        "end",
        "end_turn",
        "end_of_turn",
        "finish",
        "finished",
        "complete",
        "completed",
        "done",
        "success",
        "tool_calls",
        "tool_call",
        "tool_use",
        "function_call",
        "function_calls",
        "pause_turn");
    all(
        Reason.LENGTH,
        "length",
        "max_tokens",
        "max_output_tokens",
        "max_completion_tokens",
        "max_new_tokens",
        "max_length",
        "token_limit",
        "model_length",
        "context_length",
        "context_length_exceeded",
        "model_context_window_exceeded",
        "context_window_exceeded",
        "maxpredictedtokensreached",
        "contextlengthreached");
    all(
        Reason.CONTENT_FILTER,
        "content_filter",
        "content_filtered",
        "content-filter",
        "contentfilter",
        "filtered",
        "moderation",
        "safety",
        "image_safety",
        "recitation",
        "blocklist",
        "prohibited_content",
        "spii",
        "sensitive",
        "guardrail_intervened",
        "refusal");
  }

  private Ends() {}

  private static void all(Reason reason, String... words) {
    for (String word : words) {
      WORDS.put(word, reason);
    }
  }

  /** What a word means, in any case of its letters; null for one that is not known. */
  public static @Nullable Reason of(String word) {
    Reason known = WORDS.get(word);
    return known != null ? known : WORDS.get(word.strip().toLowerCase(Locale.ROOT));
  }
}
