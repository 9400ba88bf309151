package antiphon.engines.embedded.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a GGUF file says of itself.
 *
 * @param file where it is
 * @param fileBytes its size
 * @param version the format's version, 2 or 3
 * @param tensors how many tensors it holds; all lie whole inside the file
 * @param metadata its keys and values
 */
public record Gguf(
    Path file, long fileBytes, int version, long tensors, Map<String, GgufValue> metadata) {

  public Gguf {
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads and checks a file: magic, version, metadata, and that every tensor it names is there
   * whole.
   *
   * @throws GgufException if it is not a whole GGUF model; the message says what is wrong
   * @throws IOException if it cannot be read
   */
  public static Gguf read(Path file) throws IOException {
    return GgufReader.read(file);
  }

  /** The string under this key. */
  public Optional<String> text(String key) {
    return metadata.get(key) instanceof GgufValue.Text(String value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The integer under this key; of an array the largest of its first elements. */
  public OptionalLong whole(String key) {
    return switch (metadata.get(key)) {
      case GgufValue.Whole(long value) -> OptionalLong.of(value);
      case GgufValue.Many many ->
          many.head().stream()
              .filter(GgufValue.Whole.class::isInstance)
              .mapToLong(value -> ((GgufValue.Whole) value).value())
              .max();
      case null, default -> OptionalLong.empty();
    };
  }

  /** The boolean under this key. */
  public Optional<Boolean> flag(String key) {
    return metadata.get(key) instanceof GgufValue.Flag(boolean value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The model's architecture, the prefix of its own keys. */
  public String architecture() {
    return text("general.architecture").orElse("");
  }

  /** An integer among the architecture's own keys, such as {@code context_length}. */
  public OptionalLong ofArchitecture(String key) {
    return whole(architecture() + "." + key);
  }

  /** The number of tokens it was trained to attend to. */
  public int contextLength() {
    return (int) Math.min(Integer.MAX_VALUE, ofArchitecture("context_length").orElse(0));
  }

  /** The bytes of key and value memory that each token of a sequence takes, as 16-bit floats. */
  public long bytesPerToken() {
    long layers = ofArchitecture("block_count").orElse(1);
    long heads = Math.max(1, ofArchitecture("attention.head_count").orElse(1));
    long keyHeads = ofArchitecture("attention.head_count_kv").orElse(heads);
    long perHead = ofArchitecture("embedding_length").orElse(0) / heads;
    long key = ofArchitecture("attention.key_length").orElse(perHead);
    long value = ofArchitecture("attention.value_length").orElse(perHead);
    return layers * keyHeads * (key + value) * Short.BYTES;
  }
}
