package antiphon.engines.embedded.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter {@code tojson}. Its whole result is foreign text, hidden like any other. */
final class ToJson implements Filter {

  /** Under this name the context holds the {@link Placeholders} of the rendering. */
  static final String PLACEHOLDERS = "__placeholders";

  @Override
  public String getName() {
    return "tojson";
  }

  @Override
  public Object filter(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    Object first = arguments.length > 0 ? arguments[0] : null;
    int indent = named.getOrDefault("indent", first) instanceof Number n ? n.intValue() : 0;
    return write(value, interpreter, Math.clamp(indent, 0, 8));
  }

  @Override
  public Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    return write(value, interpreter, 0);
  }

  private static Object write(@Nullable Object value, JinjavaInterpreter interpreter, int indent) {
    return interpreter.getContext().get(PLACEHOLDERS) instanceof Placeholders placeholders
        ? placeholders.hideExactly(PythonJson.write(value, placeholders::show, indent))
        : PythonJson.write(value, text -> text, indent);
  }
}
