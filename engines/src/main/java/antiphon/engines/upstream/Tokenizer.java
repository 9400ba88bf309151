package antiphon.engines.upstream;

/** What an engine offers for counting tokens, beside its API. */
public enum Tokenizer {
  /** Judged by who the engine's list of models says it is; most engines offer nothing. */
  DETECT,
  /** Nothing: tokens are estimated. */
  NONE,
  /** {@code /tokenize} takes messages and tools, as in vLLM. */
  VLLM,
  /** {@code /apply-template} and then {@code /tokenize}, as in llama.cpp's server. */
  LLAMA_CPP;

  /** What is known of engines that tell their name as the owner of their models. */
  static Tokenizer of(String ownedBy) {
    return switch (ownedBy) {
      case "vllm" -> VLLM;
      case "llamacpp" -> LLAMA_CPP;
      default -> NONE;
    };
  }
}
