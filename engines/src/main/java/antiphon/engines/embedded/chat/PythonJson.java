package antiphon.engines.embedded.chat;

import antiphon.protocol.json.Json;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes JSON as Python does, with a space after each comma and colon, as models have seen it. */
final class PythonJson {

  private final UnaryOperator<String> strings;
  private final int indent;
  private final StringBuilder out = new StringBuilder();

  private PythonJson(UnaryOperator<String> strings, int indent) {
    this.strings = strings;
    this.indent = indent;
  }

  /**
   * @param strings applied to each string and key
   * @param indent spaces for each level, 0 for a single line
   */
  static String write(@Nullable Object value, UnaryOperator<String> strings, int indent) {
    PythonJson json = new PythonJson(strings, indent);
    json.add(value, 0);
    return json.out.toString();
  }

  private void add(@Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case Boolean flag -> out.append(flag);
      case Number number -> out.append(number);
      case Map<?, ?> map -> addMap(map, depth);
      case Iterable<?> list -> addList(list, depth);
      default -> addString(value.toString());
    }
  }

  private void addMap(Map<?, ?> map, int depth) {
    out.append('{');
    String before = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(before);
      line(depth + 1);
      addString(String.valueOf(entry.getKey()));
      out.append(": ");
      add(entry.getValue(), depth + 1);
      before = comma();
    }
    if (!map.isEmpty()) {
      line(depth);
    }
    out.append('}');
  }

  private void addList(Iterable<?> list, int depth) {
    out.append('[');
    String before = "";
    for (Object element : list) {
      out.append(before);
      line(depth + 1);
      add(element, depth + 1);
      before = comma();
    }
    if (!before.isEmpty()) {
      line(depth);
    }
    out.append(']');
  }

  private String comma() {
    return indent > 0 ? "," : ", ";
  }

  private void line(int depth) {
    if (indent > 0) {
      out.append('\n').append(" ".repeat(indent * depth));
    }
  }

  private void addString(String text) {
    out.append(Json.toTree(strings.apply(text)));
  }
}
