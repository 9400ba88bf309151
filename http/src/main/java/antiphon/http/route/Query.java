package antiphon.http.route;

import antiphon.http.error.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The query's parameters. Unknown ones are tolerated; of a parameter that takes one value, two are
 * refused, because any choice between them would surprise somebody.
 */
public final class Query {

  private static final Query EMPTY = new Query(List.of());

  private record Pair(String name, String value) {}

  private final List<Pair> pairs;

  private Query(List<Pair> pairs) {
    this.pairs = pairs;
  }

  /**
   * Reads what follows the question mark.
   *
   * @throws Refusal 400 if it is not valid percent-encoded UTF-8
   */
  public static Query parse(String raw) {
    if (raw.isEmpty()) {
      return EMPTY;
    }
    List<Pair> pairs = new ArrayList<>();
    int from = 0;
    while (from <= raw.length()) {
      int end = raw.indexOf('&', from);
      end = end < 0 ? raw.length() : end;
      if (end > from) {
        pairs.add(pair(raw.substring(from, end)));
      }
      from = end + 1;
    }
    return new Query(pairs);
  }

  private static Pair pair(String raw) {
    int equals = raw.indexOf('=');
    String name = equals < 0 ? raw : raw.substring(0, equals);
    String value = equals < 0 ? "" : raw.substring(equals + 1);
    return new Pair(
        PercentCoding.decode(name, true, "query"), PercentCoding.decode(value, true, "query"));
  }

  /** The value, which has no NUL character; null if it is absent or empty. */
  public @Nullable String text(String name) {
    String found = null;
    for (Pair pair : pairs) {
      if (pair.name.equals(name)) {
        if (found != null) {
          throw Refusal.badRequest(name, "'" + name + "' is given more than once.");
        }
        if (pair.value.indexOf('\0') >= 0) {
          throw Refusal.badRequest(
              name, "Invalid '" + name + "': must not contain a NUL character.");
        }
        found = pair.value;
      }
    }
    return found == null || found.isEmpty() ? null : found;
  }

  /** The names of all parameters, each once. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    pairs.forEach(pair -> names.add(pair.name));
    return names;
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean absent) {
    String text = text(name);
    if (text == null) {
      return absent;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Refusal.badRequest(name, "Invalid '" + name + "': must be true or false.");
    };
  }

  /** A whole number from min to max. */
  public long number(String name, long absent, long min, long max) {
    String text = text(name);
    if (text == null) {
      return absent;
    }
    try {
      // Java would take a leading plus.
      long value = text.charAt(0) == '+' ? min - 1 : Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Refused like a number out of range.
    }
    throw Refusal.badRequest(
        name,
        max == Long.MAX_VALUE
            ? "Invalid '" + name + "': must be an integer of at least " + min + "."
            : "Invalid '%s': must be an integer between %d and %d.".formatted(name, min, max));
  }

  /** One of two words. */
  public boolean choice(String name, boolean absent, String yes, String no) {
    String text = text(name);
    if (text == null) {
      return absent;
    }
    if (text.equals(yes)) {
      return true;
    }
    if (text.equals(no)) {
      return false;
    }
    throw Refusal.badRequest(
        name, "Invalid '" + name + "': must be '" + yes + "' or '" + no + "'.");
  }

  /**
   * All values of a list, written {@code name=a&name=b} or {@code name[]=a}.
   *
   * @param allowed the values there are
   */
  public List<String> list(String name, Set<String> allowed) {
    List<String> found = new ArrayList<>();
    for (Pair pair : pairs) {
      if (pair.name.equals(name) || pair.name.equals(name + "[]")) {
        if (!allowed.contains(pair.value)) {
          throw Refusal.badRequest(
              name,
              "Invalid '"
                  + name
                  + "': each value must be one of "
                  + String.join(", ", new TreeSet<>(allowed))
                  + ".");
        }
        found.add(pair.value);
      }
    }
    return found;
  }
}
