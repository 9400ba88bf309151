package antiphon.engines.embedded.gguf;

import java.util.List;

/** What a GGUF file must say so that it can be loaded as one language model. */
final class GgufCheck {

  private static final List<String> POSITIVE =
      List.of("context_length", "embedding_length", "block_count", "attention.head_count");

  private GgufCheck() {}

  /**
   * @throws GgufException naming what is missing or wrong
   */
  static void check(Gguf gguf) throws GgufException {
    if (gguf.architecture().isEmpty()) {
      throw broken(gguf, "it does not name its architecture");
    }
    if (gguf.whole("split.count").orElse(1) > 1) {
      throw broken(
          gguf, "it is one part of a split model; merge the parts with llama-gguf-split --merge");
    }
    if (gguf.tensors() == 0) {
      throw broken(gguf, "it holds no tensors");
    }
    for (String key : POSITIVE) {
      long value = gguf.ofArchitecture(key).orElse(0);
      if (value < 1 || value > Integer.MAX_VALUE) {
        throw broken(gguf, gguf.architecture() + "." + key + " is missing or impossible");
      }
    }
    if (gguf.text("tokenizer.ggml.model").isEmpty()) {
      throw broken(gguf, "it has no tokenizer");
    }
    if (!(gguf.metadata().get("tokenizer.ggml.tokens") instanceof GgufValue.Many tokens)
        || tokens.length() == 0) {
      throw broken(gguf, "it has no vocabulary");
    }
  }

  private static GgufException broken(Gguf gguf, String why) {
    return new GgufException(gguf.file() + " is no GGUF model that can be used: " + why + ".");
  }
}
