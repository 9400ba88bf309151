package antiphon.core.create;

import antiphon.core.response.Rejected;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms a rule can have; each refusal names the field and what is allowed. */
final class Rules {

  private Rules() {}

  static void range(String param, @Nullable Double value, double min, double max) {
    if (value != null && !(value >= min && value <= max)) {
      throw Rejected.invalid(
          param,
          "Invalid '%s': must be between %s and %s, but was %s."
              .formatted(param, number(min), number(max), number(value)));
    }
  }

  static void range(String param, @Nullable Integer value, int min, int max) {
    if (value != null && (value < min || value > max)) {
      throw Rejected.invalid(
          param,
          "Invalid '%s': must be an integer between %d and %d, but was %d."
              .formatted(param, min, max, value));
    }
  }

  static void atLeast(String param, @Nullable Number value, long min) {
    if (value != null && value.doubleValue() < min) {
      throw Rejected.invalid(
          param, "Invalid '%s': must be at least %d, but was %s.".formatted(param, min, value));
    }
  }

  /** A text that something is found by: a length, and no NUL, which PostgreSQL keeps in no text. */
  static void name(String param, @Nullable String value, int min, int max) {
    length(param, value, min, max);
    if (value != null && value.indexOf('\0') >= 0) {
      throw Rejected.invalid(param, "Invalid '" + param + "': must not contain a NUL character.");
    }
  }

  static void length(String param, @Nullable String value, int min, int max) {
    if (value != null && (value.length() < min || value.length() > max)) {
      throw Rejected.invalid(
          param,
          "Invalid '%s': must have %d to %d characters, but has %d."
              .formatted(param, min, max, value.length()));
    }
  }

  static void size(String param, @Nullable Collection<?> value, int max) {
    if (value != null && value.size() > max) {
      throw Rejected.invalid(
          param,
          "Invalid '%s': must have at most %d entries, but has %d."
              .formatted(param, max, value.size()));
    }
  }

  /** At most 16 pairs, keys of 1 to 64 characters, values of at most 512. */
  static void metadata(@Nullable Map<String, String> metadata) {
    if (metadata == null) {
      return;
    }
    if (metadata.size() > 16) {
      throw Rejected.invalid(
          "metadata",
          "Invalid 'metadata': must have at most 16 pairs, but has " + metadata.size() + ".");
    }
    metadata.forEach((key, value) -> {
      if (key.isEmpty() || key.length() > 64) {
        throw Rejected.invalid(
            "metadata",
            "Invalid 'metadata': a key must have 1 to 64 characters, but one has "
                + key.length()
                + ".");
      }
      name("metadata", key, 1, 64);
      name("metadata." + key, value, 0, 512);
    });
  }

  /** Refuses a field that this server does not serve, unless it is absent. */
  static void unsupported(String param, @Nullable Object value) {
    if (value != null) {
      throw Rejected.invalid(param, "'" + param + "' is not supported by this server.");
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
