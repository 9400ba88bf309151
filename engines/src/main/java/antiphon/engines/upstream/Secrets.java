package antiphon.engines.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Makes an engine's words fit to be passed on: short, on one line, and without its secrets. */
final class Secrets {

  private static final int MAX_CHARS = 500;
  private static final String MASK = "***";
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "(?i)\\b(authorization\\s*[:=]\\s*|bearer\\s+|basic\\s+)[^\\s\"',;]+"
              + "(\\s+[A-Za-z0-9._~+/=-]{8,})?|\\bsk-[A-Za-z0-9_*.-]{4,}");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\s]+");

  private final List<String> known = new ArrayList<>();

  Secrets(UpstreamSettings settings) {
    if (settings.apiKey() != null && !settings.apiKey().isBlank()) {
      known.add(settings.apiKey());
    }
    settings.headers().values().stream().filter(value -> value.length() >= 6).forEach(known::add);
  }

  /** The text with known secrets and whatever looks like a credential masked, at most 500 chars. */
  String mask(String text) {
    String masked = text.length() > 20 * MAX_CHARS ? text.substring(0, 20 * MAX_CHARS) : text;
    for (String secret : known) {
      masked = masked.replace(secret, MASK);
    }
    masked = CREDENTIALS.matcher(masked).replaceAll(MASK);
    masked = CONTROLS.matcher(masked).replaceAll(" ").strip();
    return masked.length() > MAX_CHARS ? cut(masked) : masked;
  }

  private static String cut(String text) {
    int end = MAX_CHARS - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
