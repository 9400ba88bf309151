package antiphon.engines.embedded.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import jinjava.javax.el.CompositeELResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A model's chat template, in the dialect of Jinja that model files carry. Foreign texts are kept
 * apart from the template's own words, see {@link Placeholders}. Safe for many threads.
 */
public final class ChatTemplate {

  private static final Logger log = LoggerFactory.getLogger(ChatTemplate.class);

  /** The ChatML form, for models that bring no template. */
  static final String CHAT_ML =
      """
      {%- for message in messages -%}
      {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
      {%- endfor -%}
      {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}\
      """;

  private static final String PROBE = "probe7d1f";

  /** Variables that are the template's own affair. */
  private static final Set<String> RESERVED =
      Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token");

  private final Jinjava jinjava = jinjava();
  private final String source;
  private final String bos;
  private final String eos;
  private final InstantSource clock;
  private final Predicate<String> suspicious;
  private final boolean knowsTools;

  private ChatTemplate(
      String source, String bos, String eos, Predicate<String> suspicious, InstantSource clock) {
    this.source = source;
    this.bos = bos;
    this.eos = eos;
    this.suspicious = suspicious;
    this.clock = clock;
    this.knowsTools = probeTools();
  }

  /**
   * Takes a template, or ChatML if there is none or it cannot be rendered.
   *
   * @param source the template, empty for none
   * @param bos how the token is written that begins every text
   * @param eos how the token is written that ends every text
   * @param suspicious whether a text could be taken for a control token
   * @param clock for templates that tell the date
   */
  public static ChatTemplate of(
      String source, String bos, String eos, Predicate<String> suspicious, InstantSource clock) {
    if (!source.isBlank()) {
      ChatTemplate template = new ChatTemplate(cleaned(source), bos, eos, suspicious, clock);
      try {
        template.render(List.of(new ChatMessage.User("Hello")), List.of(), Map.of());
        return template;
      } catch (TemplateException e) {
        log.warn("The model's chat template cannot be used, ChatML is: {}", e.getMessage());
      }
    }
    return new ChatTemplate(CHAT_ML, bos, eos, suspicious, clock);
  }

  /** Marks of training that have no meaning here, and the last line's end, which Jinja drops. */
  private static String cleaned(String source) {
    String plain = source.replaceAll("\\{%-?\\s*(end)?generation\\s*-?%}", "");
    return plain.endsWith("\n") ? plain.substring(0, plain.length() - 1) : plain;
  }

  private static Jinjava jinjava() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonMethods());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    Jinjava jinjava =
        new Jinjava(
            JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(64 << 20)
                .withElResolver(resolver)
                .build());
    jinjava.getGlobalContext().registerFilter(new ToJson());
    function(jinjava, "raise_exception", "raiseException");
    function(jinjava, "strftime_now", "strftimeNow");
    return jinjava;
  }

  private static void function(Jinjava jinjava, String name, String method) {
    jinjava
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition("", name, TemplateFunctions.class, method, String.class));
  }

  /** Values that a request gives for the template's variables. */
  public static Map<String, Object> variables(Map<String, JsonNode> given) {
    Map<String, Object> variables = new HashMap<>();
    given.forEach((name, value) -> {
      Object plain = TemplateValues.plain(value);
      if (plain != null && !RESERVED.contains(name)) {
        variables.put(name, plain);
      }
    });
    return variables;
  }

  /** Whether the template shows the model which tools there are. */
  public boolean knowsTools() {
    return knowsTools;
  }

  /**
   * Whether the model is to write calls between {@link ToolTexts#OPEN} and {@link ToolTexts#CLOSE}.
   */
  public boolean marksCalls() {
    return !knowsTools || source.contains(ToolTexts.OPEN);
  }

  /**
   * Writes a conversation out, up to where the model is to go on.
   *
   * @param settings further variables for the template
   * @throws TemplateException if the template refuses the conversation even in its simplest form
   */
  public List<Segment> render(
      List<ChatMessage> messages, List<ChatTool> tools, Map<String, Object> settings)
      throws TemplateException {
    List<ChatMessage> written = knowsTools ? messages : ToolTexts.writtenOut(messages, tools);
    try {
      return renderExactly(written, knowsTools ? tools : List.of(), settings);
    } catch (TemplateException first) {
      List<ChatMessage> simple = simplified(ToolTexts.writtenOut(messages, tools));
      if (simple.equals(written)) {
        throw first;
      }
      return renderExactly(simple, List.of(), settings);
    }
  }

  private List<Segment> renderExactly(
      List<ChatMessage> messages, List<ChatTool> tools, Map<String, Object> settings)
      throws TemplateException {
    Placeholders placeholders = new Placeholders();
    TemplateValues values = new TemplateValues(placeholders, suspicious);
    Map<String, Object> variables = new HashMap<>(settings);
    variables.put("messages", values.messages(messages));
    if (!tools.isEmpty()) {
      variables.put("tools", values.tools(tools));
    }
    variables.put("add_generation_prompt", true);
    variables.put("bos_token", bos);
    variables.put("eos_token", eos);
    variables.put(ToJson.PLACEHOLDERS, placeholders);
    variables.put(TemplateFunctions.NOW, clock.instant().atZone(ZoneId.systemDefault()));
    RenderResult result = jinjava.renderForResult(source, variables);
    for (TemplateError error : result.getErrors()) {
      if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
        throw new TemplateException(reason(error));
      }
    }
    return placeholders.split(result.getOutput());
  }

  private static String reason(TemplateError error) {
    Throwable cause = error.getException();
    while (cause != null && !(cause instanceof TemplateFunctions.Refused)) {
      cause = cause.getCause();
    }
    String message = cause == null ? error.getMessage() : cause.getMessage();
    return Objects.requireNonNullElse(message, "unknown");
  }

  /** Only users and assistants in turn, beginning with a user: what every template takes. */
  private static List<ChatMessage> simplified(List<ChatMessage> messages) {
    List<ChatMessage> simple = new ArrayList<>();
    for (ChatMessage message : messages) {
      ChatMessage now =
          message instanceof ChatMessage.Instruction(String text)
              ? new ChatMessage.User(text)
              : message;
      ChatMessage last = simple.isEmpty() ? null : simple.getLast();
      if (last instanceof ChatMessage.User(String one)
          && now instanceof ChatMessage.User(String two)) {
        simple.set(simple.size() - 1, new ChatMessage.User(one + "\n\n" + two));
      } else if (last instanceof ChatMessage.Assistant one
          && now instanceof ChatMessage.Assistant two) {
        String both = one.text() + "\n\n" + two.text();
        simple.set(simple.size() - 1, new ChatMessage.Assistant(both, List.of()));
      } else {
        if (last == null && now instanceof ChatMessage.Assistant) {
          simple.add(new ChatMessage.User("Go on."));
        }
        simple.add(now);
      }
    }
    return simple;
  }

  private boolean probeTools() {
    ChatTool tool = new ChatTool(PROBE, PROBE, JsonNodeFactory.instance.objectNode());
    ChatMessage.Call call = new ChatMessage.Call("call_1", PROBE, "{}");
    List<ChatMessage> question = List.of(new ChatMessage.User("Hello"));
    List<ChatMessage> answered =
        List.of(
            new ChatMessage.User("Hello"),
            new ChatMessage.Assistant("", List.of(call)),
            new ChatMessage.ToolResult("call_1", "other", "result7d1f"));
    try {
      String offered = joined(renderExactly(question, List.of(tool), Map.of()));
      String told = joined(renderExactly(answered, List.of(), Map.of()));
      return offered.contains(PROBE) && told.contains(PROBE) && told.contains("result7d1f");
    } catch (TemplateException _) {
      return false;
    }
  }

  private static String joined(List<Segment> segments) {
    StringBuilder text = new StringBuilder();
    segments.forEach(segment -> text.append(segment.text()));
    return text.toString();
  }
}
