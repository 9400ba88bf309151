package antiphon.engines.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes an engine's error messages fit to be passed on: short, on one line, and without its
 * secrets. A secret is known as it is, in pieces of eight characters and more, percent-encoded, and
 * inside Base64; in another disguise it is not.
 */
final class Secrets {

  private static final int MAX_CHARS = 500;
  private static final String MASK = "***";
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "(?i)\\b(authorization\\s*[:=]\\s*|bearer\\s+|basic\\s+)[^\\s\"',;]+"
              + "(\\s+[A-Za-z0-9._~+/=-]{8,})?|\\bsk-[A-Za-z0-9_*.-]{4,}");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{8,}={0,2}");

  /** So much of a secret is a piece of it; less could be anything. */
  private static final int PIECE = 8;

  /** A shorter secret is masked as a whole alone. */
  private static final int IN_PIECES = 2 * PIECE;

  private final List<String> known = new ArrayList<>();
  private final Set<String> pieces = new HashSet<>();

  Secrets(UpstreamSettings settings) {
    if (settings.apiKey() != null && !settings.apiKey().isBlank()) {
      learn(settings.apiKey());
    }
    settings.headers().values().stream().filter(value -> value.length() >= 6).forEach(this::learn);
  }

  private void learn(String secret) {
    known.add(secret);
    for (int at = 0; secret.length() >= IN_PIECES && at + PIECE <= secret.length(); at++) {
      pieces.add(secret.substring(at, at + PIECE));
    }
  }

  /** The text with known secrets and whatever looks like a credential masked, at most 500 chars. */
  String mask(String text) {
    String masked = text.length() > 20 * MAX_CHARS ? text.substring(0, 20 * MAX_CHARS) : text;
    for (String secret : known) {
      masked = masked.replace(secret, MASK);
      masked =
          Pattern.compile(encoded(secret), Pattern.CASE_INSENSITIVE)
              .matcher(masked)
              .replaceAll(MASK);
    }
    masked = BASE64.matcher(masked).replaceAll(found -> holdsSecret(found) ? MASK : found.group());
    masked = withoutPieces(masked);
    masked = CREDENTIALS.matcher(masked).replaceAll(MASK);
    masked = CONTROLS.matcher(masked).replaceAll(" ").strip();
    return masked.length() > MAX_CHARS ? cut(masked) : masked;
  }

  private static String encoded(String secret) {
    String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    // A space has two forms.
    return Pattern.quote(form).replace("+", "\\E(?:\\+|%20)\\Q");
  }

  /** The secret may begin anywhere in what was encoded. */
  private boolean holdsSecret(MatchResult found) {
    String text = found.group().replace('-', '+').replace('_', '/').replace("=", "");
    for (int skip = 0; skip < 4 && skip < text.length(); skip++) {
      String rest = text.substring(skip, text.length() - (text.length() - skip) % 4);
      String decoded = new String(Base64.getDecoder().decode(rest), StandardCharsets.ISO_8859_1);
      if (known.stream().anyMatch(secret -> inPart(decoded, secret))) {
        return true;
      }
    }
    return false;
  }

  /** The last characters may be missing: they were cut, or stand in an incomplete group. */
  private static boolean inPart(String decoded, String secret) {
    String utf8 = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return decoded.contains(
        utf8.substring(0, Math.max(utf8.length() - 3, (utf8.length() + 1) / 2)));
  }

  private String withoutPieces(String text) {
    BitSet secret = new BitSet(text.length());
    for (int at = 0; !pieces.isEmpty() && at + PIECE <= text.length(); at++) {
      if (pieces.contains(text.substring(at, at + PIECE))) {
        secret.set(at, at + PIECE);
      }
    }
    StringBuilder masked = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int next = secret.get(at) ? secret.nextClearBit(at) : secret.nextSetBit(at);
      int end = next < 0 ? text.length() : Math.min(next, text.length());
      masked.append(secret.get(at) ? MASK : text.substring(at, end));
      at = end;
    }
    return masked.toString();
  }

  private static String cut(String text) {
    int end = MAX_CHARS - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
