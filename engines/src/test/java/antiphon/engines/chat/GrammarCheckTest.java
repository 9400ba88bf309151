package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.Tool;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** What is checked of a custom tool's grammar, and what is not. */
@Timeout(20)
class GrammarCheckTest {

  private static GrammarCheck regex(String definition) {
    return Objects.requireNonNull(GrammarCheck.of(tool("regex", definition)));
  }

  private static CustomTool tool(String syntax, String definition) {
    ObjectNode tool = Json.mapper().createObjectNode().put("type", "custom").put("name", "c");
    tool.putObject("format")
        .put("type", "grammar")
        .put("syntax", syntax)
        .put("definition", definition);
    return (CustomTool) Json.read(Json.bytes(tool), Tool.class);
  }

  @Test
  void theWholeInputMustMatch() {
    GrammarCheck check = regex("[0-9]{4}-[0-9]{2}");
    assertThat(check.refuses("2026-11")).isFalse();
    assertThat(check.refuses("in 2026-11")).isTrue();
    assertThat(check.refuses("")).isTrue();
  }

  @Test
  void whatCannotBeDecidedInTimeIsTaken() {
    assertThat(regex("(a|a?)+b").refuses("a".repeat(5000))).isFalse();
    assertThat(regex("(x+x+)+y").refuses("x".repeat(5000))).isFalse();
    assertThat(regex("a").refuses("b".repeat(100_000))).isFalse();
  }

  @Test
  void otherGrammarsAreNotChecked() {
    assertThat(GrammarCheck.of(tool("lark", "start: /a/"))).isNull();
    assertThat(GrammarCheck.of(tool("regex", "(unclosed"))).isNull();
  }
}
