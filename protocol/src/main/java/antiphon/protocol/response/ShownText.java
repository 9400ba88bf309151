package antiphon.protocol.response;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Writes what kind of text is wanted as a response shows it: what a schema leaves out is there. */
final class ShownText extends ValueSerializer<TextConfig> {

  @Override
  public void serialize(TextConfig text, JsonGenerator out, SerializationContext context) {
    if (!(text.format() instanceof TextFormat.JsonSchema schema)) {
      context.writeValue(out, text);
      return;
    }
    out.writeStartObject();
    out.writeObjectPropertyStart("format");
    out.writeStringProperty("type", schema.type());
    out.writeStringProperty("name", schema.name());
    out.writeStringProperty("description", schema.description());
    out.writeName("schema");
    context.writeValue(out, schema.schema());
    out.writeBooleanProperty("strict", Boolean.TRUE.equals(schema.strict()));
    out.writeEndObject();
    if (text.verbosity() != null) {
      out.writeStringProperty("verbosity", text.verbosity().wire());
    }
    out.writeEndObject();
  }
}
