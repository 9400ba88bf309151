package antiphon.protocol.response;

import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Writes a tool as a response shows it: what a function leaves out is there, as null. */
final class ShownTool extends ValueSerializer<Tool> {

  @Override
  public void serialize(Tool tool, JsonGenerator out, SerializationContext context) {
    if (!(tool instanceof FunctionTool function) || function.description() != null) {
      context.writeValue(out, tool);
      return;
    }
    out.writeStartObject();
    out.writeStringProperty("type", function.type());
    out.writeStringProperty("name", function.name());
    out.writeNullProperty("description");
    out.writeName("parameters");
    context.writeValue(out, function.parameters());
    if (function.strict() != null) {
      out.writeBooleanProperty("strict", function.strict());
    }
    if (function.deferLoading() != null) {
      out.writeBooleanProperty("defer_loading", function.deferLoading());
    }
    function
        .extra()
        .forEach((name, value) -> {
          out.writeName(name);
          context.writeValue(out, value);
        });
    out.writeEndObject();
  }
}
