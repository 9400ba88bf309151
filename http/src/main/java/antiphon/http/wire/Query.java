package antiphon.http.wire;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the address behind the question mark. Read only when somebody asks. */
public final class Query {

  private final @Nullable String raw;
  private @Nullable Map<String, List<String>> parsed;

  Query(@Nullable String raw) {
    this.raw = raw;
  }

  /** All values of a parameter; OpenAI's form {@code name[]} counts as {@code name}. */
  public List<String> all(String name) {
    return values().getOrDefault(name, List.of());
  }

  /** The value of a parameter, or null; empty counts as absent. */
  public @Nullable String one(String name) {
    List<String> all = all(name);
    if (all.size() > 1) {
      throw Rejected.invalid(name, "The parameter '" + name + "' is given more than once.");
    }
    return all.isEmpty() || all.getFirst().isEmpty() ? null : all.getFirst();
  }

  /** A flag: {@code true} or {@code false}. */
  public boolean flag(String name) {
    String value = one(name);
    return switch (value) {
      case null -> false;
      case "true", "True" -> true;
      case "false", "False" -> false;
      default ->
          throw Rejected.invalid(name, "Invalid '" + name + "': must be 'true' or 'false'.");
    };
  }

  /** A whole number in a range. */
  public long number(String name, long otherwise, long min, long max) {
    String value = one(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below, together with the range.
    }
    throw Rejected.invalid(
        name,
        "Invalid '%s': must be an integer between %d and %d.".formatted(name, min, max));
  }

  private Map<String, List<String>> values() {
    Map<String, List<String>> values = parsed;
    if (values == null) {
      values = parse(raw == null ? "" : raw);
      parsed = values;
    }
    return values;
  }

  private static Map<String, List<String>> parse(String raw) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        String plain = name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
        values.computeIfAbsent(plain, _ -> new ArrayList<>()).add(value);
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new Rejected(
          new Problem.Invalid(
              "The query is not properly percent-encoded.", null, null));
    }
  }
}
