package antiphon.engines.embedded.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tools for templates that know none: offered in the system message, called between {@value #OPEN}
 * and {@value #CLOSE}, answered in a user's message. This is what many open models were trained on.
 */
public final class ToolTexts {

  /** What stands before a call. */
  public static final String OPEN = "<tool_call>";

  /** What stands after a call. */
  public static final String CLOSE = "</tool_call>";

  private ToolTexts() {}

  /** The same conversation with the tools described and all calls and results written out. */
  static List<ChatMessage> writtenOut(List<ChatMessage> messages, List<ChatTool> tools) {
    List<ChatMessage> written = new ArrayList<>();
    for (ChatMessage message : messages) {
      written.add(
          switch (message) {
            case ChatMessage.Instruction told -> told;
            case ChatMessage.User user -> user;
            case ChatMessage.Assistant said -> new ChatMessage.Assistant(text(said), List.of());
            case ChatMessage.ToolResult result ->
                new ChatMessage.User("<tool_response>\n" + result.text() + "\n</tool_response>");
          });
    }
    if (!tools.isEmpty()) {
      offer(written, description(tools));
    }
    return written;
  }

  private static void offer(List<ChatMessage> messages, String description) {
    if (!messages.isEmpty()
        && messages.getFirst() instanceof ChatMessage.Instruction(String text)) {
      messages.set(0, new ChatMessage.Instruction(text + "\n\n" + description));
    } else {
      messages.addFirst(new ChatMessage.Instruction(description));
    }
  }

  private static String text(ChatMessage.Assistant said) {
    StringBuilder text = new StringBuilder(said.text());
    for (ChatMessage.Call call : said.calls()) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append(OPEN)
          .append("\n{\"name\": ")
          .append(quoted(call.name()))
          .append(", \"arguments\": ")
          .append(call.arguments())
          .append("}\n")
          .append(CLOSE);
    }
    return text.toString();
  }

  private static String description(List<ChatTool> tools) {
    StringBuilder text = new StringBuilder("You may call these functions:\n<tools>\n");
    for (ChatTool tool : tools) {
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", tool.name());
      function.put("description", tool.description());
      function.put("parameters", TemplateValues.plain(tool.parameters()));
      text.append(PythonJson.write(function, string -> string, 0)).append('\n');
    }
    return text.append("</tools>\nTo call one, answer with nothing but this:\n")
        .append(OPEN)
        .append("\n{\"name\": <the function's name>, \"arguments\": <its arguments as JSON>}\n")
        .append(CLOSE)
        .toString();
  }

  private static String quoted(String text) {
    return PythonJson.write(text, string -> string, 0);
  }
}
