package antiphon.core.store;

import java.util.regex.Pattern;

/**
 * Texts without the secrets of the addresses in them. Whatever is told of a store, a command line
 * or a setting goes through here: who wrote the text may have quoted an address.
 */
public final class Redacted {

  private static final String MASK = "***";

  /**
   * User and password, up to the last @: one in the password may not have been encoded. Where there
   * is none, what looks like a port and is no number.
   */
  private static final Pattern LOGIN =
      Pattern.compile("(?<=://)(?:[^\\s\"']*@|[^\\s\"'/:\\[]*:(?!\\d*(?:[^\\w]|$))[^\\s\"'/]*)");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)\\b([\\w.%-]*(?:password|passwd|passphrase|pwd|secret|token|api_?key))=[^&;\\s\"']*");

  private Redacted() {}

  /**
   * The text with the login of every address in it, and the values of its parameters that look like
   * secrets, masked.
   */
  public static String of(String text) {
    String masked =
        LOGIN.matcher(text).replaceAll(found -> found.group().endsWith("@") ? MASK + "@" : MASK);
    return PARAMETER.matcher(masked).replaceAll("$1=" + MASK);
  }
}
