package antiphon.protocol.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;

/**
 * Reads numbers, and refuses those too large for a double: {@code 1e999} would become infinite,
 * which JSON cannot say again.
 */
final class FiniteNumber extends ValueDeserializer<Double> {

  private static final String TOO_LARGE = "Invalid value for {field}: the number is out of range.";

  private final boolean primitive;

  /**
   * @param primitive whether nothing means zero, and null is refused
   */
  FiniteNumber(boolean primitive) {
    this.primitive = primitive;
  }

  @Override
  public @Nullable Double deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT
        && parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return (Double) context.handleUnexpectedToken(context.constructType(Double.class), parser);
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw new InvalidField(parser, "", TOO_LARGE);
    }
    return value;
  }

  @Override
  public @Nullable Object getNullValue(DeserializationContext context) {
    if (primitive) {
      throw new InvalidField(
          context.getParser(), "", "Invalid type for {field}: expected a number, but got null.");
    }
    return null;
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return primitive ? 0.0 : null;
  }

  /** Makes the nodes of trees, with the same rule. */
  static final class Nodes extends JsonNodeFactory {

    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double value) {
      if (!Double.isFinite(value)) {
        throw new InvalidField(null, "", TOO_LARGE);
      }
      return DoubleNode.valueOf(value);
    }

    @Override
    public NumericNode numberNode(float value) {
      return numberNode((double) value);
    }
  }
}
