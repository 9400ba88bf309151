package antiphon.core.container;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The words that the wire has for a container's memory. */
public final class MemoryLimit {

  private static final Map<Long, String> WORDS =
      new TreeMap<>(
          Map.of(
              512L << 20,
              "512m",
              1L << 30,
              "1g",
              2L << 30,
              "2g",
              4L << 30,
              "4g",
              16L << 30,
              "16g",
              64L << 30,
              "64g"));

  private MemoryLimit() {}

  /** The bytes of a word; empty if it is none. */
  public static Optional<Long> bytes(String word) {
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(word))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The word for these bytes, or the next larger one. */
  public static String word(long bytes) {
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getKey() >= bytes)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("64g");
  }

  /** All words up to so many bytes, for people. */
  public static String upTo(long bytes) {
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getKey() <= bytes)
        .map(Map.Entry::getValue)
        .collect(Collectors.joining(", "));
  }
}
