package antiphon.protocol.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/**
 * Counts what a long body has, without making anything of it: values become many times their bytes
 * in memory, so that a body of some megabytes could take all there is. Short bodies cannot have too
 * much; their lists are counted by the rules for each field.
 */
final class Counts {

  /** A body shorter than this, in bytes, is not counted. */
  static final int FROM = 64 * 1024;

  private Counts() {}

  /**
   * Reads to the end, or to the first too many.
   *
   * @param parser at the beginning of the body
   * @throws InvalidJson.Field naming the field that has too much
   */
  static void check(JsonParser parser) {
    int values = 0;
    int depth = 0;
    int entries = 0;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token == JsonToken.PROPERTY_NAME) {
        continue;
      }
      if (token.isStructEnd()) {
        depth--;
        continue;
      }
      values++;
      if (values > Json.MAX_VALUES) {
        throw tooMany(path(parser, token), Json.MAX_VALUES, "values in the whole body");
      }
      if (depth == 2 && parent(parser, token).inArray()) {
        entries++;
        if (entries > Json.MAX_ENTRIES) {
          throw tooMany(
              parent(parser, token).getParent().currentName(), Json.MAX_ENTRIES, "entries");
        }
      }
      if (depth == 1) {
        entries = 0;
      }
      if (token.isStructStart()) {
        depth++;
      }
    }
  }

  /** Where a value stands: a structure that has just begun is a place of its own. */
  private static TokenStreamContext parent(JsonParser parser, JsonToken token) {
    TokenStreamContext here = parser.streamReadContext();
    return token.isStructStart() ? here.getParent() : here;
  }

  /** Two levels are enough to find it: {@code input[17].content}. */
  private static String path(JsonParser parser, JsonToken token) {
    StringBuilder path = new StringBuilder();
    for (TokenStreamContext at = parent(parser, token);
        at != null && !at.inRoot();
        at = at.getParent()) {
      if (at.inArray()) {
        path.insert(0, "[" + at.getCurrentIndex() + "]");
      } else if (at.currentName() != null) {
        path.insert(0, "." + Failures.shown(at.currentName()));
      }
    }
    return path.isEmpty() || path.charAt(0) != '.' ? path.toString() : path.substring(1);
  }

  private static InvalidJson.Field tooMany(String param, int most, String what) {
    return new InvalidJson.Field(
        param, "Invalid '%s': there may be at most %d %s.".formatted(param, most, what));
  }
}
