package antiphon.engines.embedded;

import antiphon.core.engine.Engine;
import antiphon.engines.embedded.chat.ToolTexts;
import antiphon.engines.embedded.decode.Constraint;
import antiphon.engines.embedded.grammar.Grammar;
import antiphon.engines.embedded.grammar.GrammarConstraint;
import antiphon.engines.embedded.grammar.JsonSchemaGrammar;
import antiphon.engines.embedded.grammar.TokenIndex;
import antiphon.engines.embedded.grammar.TriggeredConstraint;
import antiphon.engines.embedded.grammar.UnsupportedSchemaException;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.TextConfig;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.tool.CustomFormat;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a turn's text has to keep to: a format, a forced call, or the form of calls it may make. */
final class TurnConstraint {

  private static final String FORMAT = "text.format.schema";
  private static final String TOOLS = "tools";

  private TurnConstraint() {}

  /** Says which schema of the request cannot be followed, and why. */
  static Optional<Engine.Refusal> refuses(CreateResponse request, TurnTools tools) {
    for (Tool tool : Objects.requireNonNullElse(request.tools(), List.<Tool>of())) {
      if (tool instanceof CustomTool custom && isGrammar(custom.format())) {
        return Optional.of(
            new Engine.Refusal(
                TOOLS,
                "The embedded engine follows regex formats of custom tools, not lark grammars."));
      }
    }
    String param = FORMAT;
    try {
      format(request);
      param = TOOLS;
      if (!tools.offered().isEmpty()) {
        JsonSchemaGrammar.toolCall(tools.schemas(), "", "");
      }
      return Optional.empty();
    } catch (UnsupportedSchemaException e) {
      return Optional.of(new Engine.Refusal(param, Objects.requireNonNullElse(e.getMessage(), "")));
    }
  }

  private static boolean isGrammar(@Nullable CustomFormat format) {
    return format != null && "grammar".equals(format.type()) && !"regex".equals(format.syntax());
  }

  /**
   * The constraint of one turn, null for none.
   *
   * @param already the text that the turn goes on with
   */
  static @Nullable Constraint of(
      CreateResponse request, TurnTools tools, TokenIndex index, String already)
      throws UnsupportedSchemaException {
    byte[] before = already.getBytes(StandardCharsets.UTF_8);
    boolean callable = !tools.offered().isEmpty();
    if (callable && tools.forced() && already.isEmpty()) {
      return new GrammarConstraint(wholeCall(tools), index, before);
    }
    Grammar format = format(request);
    if (format != null) {
      Grammar either = callable ? Grammar.any(format, wholeCall(tools)) : format;
      return new GrammarConstraint(either, index, before);
    }
    if (!callable) {
      return null;
    }
    Grammar afterMark = JsonSchemaGrammar.toolCall(tools.schemas(), "", ToolTexts.CLOSE);
    return new TriggeredConstraint(ToolTexts.OPEN, afterMark, index, !tools.several());
  }

  private static Grammar wholeCall(TurnTools tools) throws UnsupportedSchemaException {
    return JsonSchemaGrammar.toolCall(tools.schemas(), ToolTexts.OPEN, ToolTexts.CLOSE);
  }

  private static @Nullable Grammar format(CreateResponse request)
      throws UnsupportedSchemaException {
    TextConfig text = request.text();
    return switch (text == null ? null : text.format()) {
      case TextFormat.JsonObject _ -> JsonSchemaGrammar.anyObject();
      case TextFormat.JsonSchema schema ->
          JsonSchemaGrammar.compile(
              Json.toTree(schema.schema()), Boolean.TRUE.equals(schema.strict()));
      case TextFormat.Text _ -> null;
      case null -> null;
    };
  }
}
