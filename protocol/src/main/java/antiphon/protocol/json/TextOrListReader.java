package antiphon.protocol.json;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads what is a plain text or a list.
 *
 * @param <T> what it becomes
 * @param <E> the list's entries
 */
public final class TextOrListReader<T, E> extends ValueDeserializer<T> {

  private final Function<String, T> fromText;
  private final Class<E> entry;
  private final Function<List<E>, T> fromList;

  public TextOrListReader(
      Function<String, T> fromText, Class<E> entry, Function<List<E>, T> fromList) {
    this.fromText = fromText;
    this.entry = entry;
    this.fromList = fromList;
  }

  @Override
  public T deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return fromText.apply(parser.getString());
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new InvalidField(
          parser,
          "",
          "Invalid type for {field}: expected a string or an array"
              + Failures.got(parser.currentToken())
              + ".");
    }
    List<E> entries = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      try {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
          throw new InvalidField(parser, "", "Invalid value for {field}: must not be null.");
        }
        entries.add(context.readValue(parser, entry));
      } catch (DatabindException e) {
        throw e.prependPath(entries, entries.size());
      }
    }
    return fromList.apply(entries);
  }
}
