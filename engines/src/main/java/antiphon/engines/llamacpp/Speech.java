package antiphon.engines.llamacpp;

import antiphon.engines.chat.ChatSettings;
import antiphon.engines.chat.Dialect;
import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import java.util.Map;

/** How llama.cpp's server is spoken to. */
final class Speech {

  private Speech() {}

  /**
   * Its Chat Completions. It tells its progress after each go, which makes it look whether anybody
   * still listens; answers come as streams always, since it looks for a gone caller of a whole one
   * once a second only.
   */
  static ChatSettings of(UpstreamSettings upstream) {
    return new ChatSettings(
        upstream,
        ChatSettings.MaxTokens.MAX_TOKENS,
        false,
        ChatSettings.Thinking.FIELDS,
        "reasoning_content",
        true,
        Tokenizer.LLAMA_CPP,
        ChatSettings.WholeAnswers.NEVER,
        Map.of("return_progress", Json.mapper().getNodeFactory().booleanNode(true)),
        Dialect.USUAL.thinking().calling(Map.of("repetition_penalty", "repeat_penalty")));
  }
}
