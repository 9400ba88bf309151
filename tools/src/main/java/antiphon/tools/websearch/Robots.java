package antiphon.tools.websearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a site's {@code robots.txt} lets us read (RFC 9309): the group that names us, else that of
 * everybody; the longest rule that fits decides, and of two as long the one that allows.
 */
final class Robots {

  /** Nothing is forbidden. */
  static final Robots NONE = new Robots(List.of());

  /** Everything is. */
  static final Robots ALL = new Robots(List.of(new Rule("/", false)));

  private static final int MOST_RULES = 2000;

  private record Rule(String path, boolean allows) {}

  private final List<Rule> rules;

  private Robots(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * Reads a file.
   *
   * @param agent our name, in small letters
   */
  static Robots read(String text, String agent) {
    List<Rule> ours = new ArrayList<>();
    List<Rule> everybodys = new ArrayList<>();
    boolean named = false;
    boolean forUs = false;
    boolean forAll = false;
    boolean inRules = true;
    for (String raw : text.lines().toList()) {
      String line = raw.replaceFirst("#.*", "").strip();
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String field = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (field.equals("user-agent")) {
        if (inRules) {
          forUs = false;
          forAll = false;
          inRules = false;
        }
        forUs |= value.toLowerCase(Locale.ROOT).equals(agent);
        forAll |= value.equals("*");
        named |= forUs;
      } else if (field.equals("allow") || field.equals("disallow")) {
        inRules = true;
        if (!value.isEmpty() && ours.size() + everybodys.size() < MOST_RULES) {
          Rule rule = new Rule(value, field.equals("allow"));
          if (forUs) {
            ours.add(rule);
          } else if (forAll) {
            everybodys.add(rule);
          }
        }
      }
    }
    return new Robots(named ? ours : everybodys);
  }

  /** Whether a rule speaks of a path. A star is any text, and a dollar the end. */
  private static boolean fits(String rule, String path) {
    boolean whole = rule.endsWith("$");
    String[] parts = (whole ? rule.substring(0, rule.length() - 1) : rule).split("\\*+", -1);
    if (!path.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length; i++) {
      boolean last = whole && i == parts.length - 1;
      int next = last ? path.length() - parts[i].length() : path.indexOf(parts[i], at);
      if (next < at || (last && !path.endsWith(parts[i]))) {
        return false;
      }
      at = next + parts[i].length();
    }
    return !whole || at == path.length();
  }

  /**
   * Whether a page may be read.
   *
   * @param path of its address, with the query
   */
  boolean allows(String path) {
    Rule best = null;
    for (Rule rule : rules) {
      boolean longer =
          best == null
              || rule.path.length() > best.path.length()
              || (rule.path.length() == best.path.length() && rule.allows);
      if (longer && fits(rule.path, path)) {
        best = rule;
      }
    }
    return best == null || best.allows;
  }
}
