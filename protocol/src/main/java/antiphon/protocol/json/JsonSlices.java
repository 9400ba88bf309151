package antiphon.protocol.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Where the elements of a JSON array are, without making anything of them. */
public final class JsonSlices {

  /**
   * An element.
   *
   * @param start where its JSON begins
   * @param end behind its last byte
   * @param id the text of its field {@code id}, null if it is no object or has none
   */
  public record Slice(int start, int end, @Nullable String id) {}

  private JsonSlices() {}

  /**
   * The elements in their order, in a list that may be changed.
   *
   * @param json UTF-8, a valid JSON array
   */
  public static List<Slice> of(byte[] json) {
    List<Slice> slices = new ArrayList<>();
    try (JsonParser parser = Json.mapper().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException("no JSON array");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String id = parser.currentToken() == JsonToken.START_OBJECT ? id(parser) : skipped(parser);
        slices.add(new Slice(start, (int) parser.currentLocation().getByteOffset(), id));
      }
    }
    return slices;
  }

  private static @Nullable String skipped(JsonParser parser) {
    parser.skipChildren();
    // So that a text or a number has been read to its end.
    var _ = parser.getString();
    return null;
  }

  private static @Nullable String id(JsonParser parser) {
    String id = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean named = "id".equals(parser.currentName());
      if (parser.nextToken() == JsonToken.VALUE_STRING && named) {
        id = parser.getString();
      }
      parser.skipChildren();
    }
    return id;
  }
}
