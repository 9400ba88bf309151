package antiphon.engines.chat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine takes of a request, and in which shape. What it does not take is not sent: many
 * refuse a field that they do not know.
 *
 * @param hints the fields that change no answer's meaning and are sent on where they were given:
 *     {@code user}, {@code prompt_cache_key} and their kin
 * @param efforts the words that it takes for {@code reasoning_effort}; empty takes any
 * @param plain whether its templates may be strict: one system message in front, and text as one
 *     string
 * @param continuousUsage whether it tells its usage with each chunk when asked, so that a response
 *     that is cancelled has the engine's own count
 * @param omit fields that are never sent, a path with dots where they are within others
 * @param rename fields that it calls by another name
 * @param callIds the form that it demands of the ids of calls
 */
public record Dialect(
    Set<String> hints,
    List<String> efforts,
    boolean plain,
    boolean continuousUsage,
    Set<String> omit,
    Map<String, String> rename,
    CallIds callIds) {

  /** The efforts there are, from the least; an engine gets the nearest that it takes. */
  private static final List<String> LADDER =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /** What is safe with nearly every engine. */
  public static final Dialect USUAL =
      new Dialect(
          Set.of(),
          List.of("none", "low", "medium", "high"),
          true,
          false,
          Set.of(),
          Map.of(),
          CallIds.ANY);

  public Dialect {
    hints = Set.copyOf(hints);
    efforts = List.copyOf(efforts);
    omit = Set.copyOf(omit);
    rename = Map.copyOf(rename);
  }

  /** The same with these hints sent on. */
  public Dialect hinting(String... names) {
    return new Dialect(Set.of(names), efforts, plain, continuousUsage, omit, rename, callIds);
  }

  /** The same with these words for the effort; none takes any. */
  public Dialect thinking(String... words) {
    return new Dialect(hints, List.of(words), plain, continuousUsage, omit, rename, callIds);
  }

  /** The same with messages in the order and shape in which they were given. */
  public Dialect asGiven() {
    return new Dialect(hints, efforts, false, continuousUsage, omit, rename, callIds);
  }

  /** The same, telling its usage with each chunk. */
  public Dialect countingAlong() {
    return new Dialect(hints, efforts, plain, true, omit, rename, callIds);
  }

  /** The same without these fields. */
  public Dialect without(Set<String> fields) {
    return new Dialect(hints, efforts, plain, continuousUsage, fields, rename, callIds);
  }

  /** The same with other names for fields. */
  public Dialect calling(Map<String, String> names) {
    return new Dialect(hints, efforts, plain, continuousUsage, omit, names, callIds);
  }

  /** The same, with ids of calls in this form. */
  public Dialect identifying(CallIds form) {
    return new Dialect(hints, efforts, plain, continuousUsage, omit, rename, form);
  }

  /** The effort that stands for the asked one; null if there is none: it is a hint. */
  @Nullable String effort(String asked) {
    if (efforts.isEmpty() || efforts.contains(asked)) {
      return asked;
    }
    int wanted = LADDER.indexOf(asked);
    if (wanted <= 0) {
      return null;
    }
    for (int i = wanted - 1; i > 0; i--) {
      if (efforts.contains(LADDER.get(i))) {
        return LADDER.get(i);
      }
    }
    return LADDER.subList(wanted, LADDER.size()).stream()
        .filter(efforts::contains)
        .findFirst()
        .orElse(null);
  }
}
