package antiphon.engines.embedded.grammar;

import java.util.Map;
import java.util.Optional;

/** The formats of strings that JSON schemas name, as patterns; the unknown ones are only notes. */
final class Formats {

  private static final String DATE =
      "[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?"
          + "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
  private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,4}";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  private static final Map<String, String> PATTERNS =
      Map.of(
          "date", "^" + DATE + "$",
          "time", "^" + TIME + "$",
          "date-time", "^" + DATE + "T" + TIME + "$",
          "duration", "^P(?:[0-9]{1,4}D(?:T[0-9]{1,4}[HMS])?|T[0-9]{1,4}[HMS]|[0-9]{1,4}[YMW])$",
          "email", "^[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,32}){0,2}@" + HOST + "$",
          "hostname", "^" + HOST + "$",
          "ipv4", "^" + BYTE + "(?:\\." + BYTE + "){3}$",
          "ipv6", "^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$",
          "uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
          "uri", "^https?://" + HOST + "(?:/[A-Za-z0-9._~%+-]{0,40}){0,8}$");

  private Formats() {}

  /** The inside of a JSON string of this format. */
  static Optional<Grammar> find(String format) throws UnsupportedSchemaException {
    String pattern = PATTERNS.get(format);
    return pattern == null ? Optional.empty() : Optional.of(Regex.compile(pattern));
  }
}
