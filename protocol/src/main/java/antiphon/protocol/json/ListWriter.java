package antiphon.protocol.json;

import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a value that is a list on the wire. An annotation could say so too, but then the type of
 * the list's elements would be worked out anew for each value.
 */
final class ListWriter<T> extends ValueSerializer<T> {

  private final Function<T, List<?>> elements;

  ListWriter(Function<T, List<?>> elements) {
    this.elements = elements;
  }

  @Override
  public void serialize(T value, JsonGenerator out, SerializationContext context) {
    out.writeStartArray();
    for (Object element : elements.apply(value)) {
      context.writeValue(out, element);
    }
    out.writeEndArray();
  }
}
