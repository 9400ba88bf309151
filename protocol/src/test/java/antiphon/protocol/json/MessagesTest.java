package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.UpdateResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told: which field, and what it should have been. */
class MessagesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // a wrong type: no conversion of any kind
        "{\"model\":5}|model|expected a string, but got an integer",
        "{\"model\":true}|model|expected a string, but got a boolean",
        "{\"model\":[\"m\"]}|model|expected a string, but got an array",
        "{\"model\":{}}|model|expected a string, but got an object",
        "{\"model\":\"m\",\"temperature\":\"1\"}|temperature|expected a number, but got a string",
        "{\"model\":\"m\",\"temperature\":\"\"}|temperature|expected a number, but got a string",
        "{\"model\":\"m\",\"temperature\":true}|temperature|expected a number, but got a boolean",
        "{\"model\":\"m\",\"temperature\":[1]}|temperature|expected a number, but got an array",
        "{\"model\":\"m\",\"stream\":\"true\"}|stream|expected a boolean, but got a string",
        "{\"model\":\"m\",\"stream\":1}|stream|expected a boolean, but got an integer",
        "{\"model\":\"m\",\"stream\":0.0}|stream|expected a boolean, but got a number",
        "{\"model\":\"m\",\"max_output_tokens\":1.5}|max_output_tokens|expected an integer, but got a number",
        "{\"model\":\"m\",\"max_output_tokens\":\"5\"}|max_output_tokens|expected an integer, but got a string",
        "{\"model\":\"m\",\"max_output_tokens\":false}|max_output_tokens|expected an integer, but got a boolean",
        "{\"model\":\"m\",\"tools\":{}}|tools|expected an array, but got an object",
        "{\"model\":\"m\",\"tools\":\"\"}|tools|expected an array, but got a string",
        "{\"model\":\"m\",\"tools\":[1]}|tools[0]|expected an object",
        "{\"model\":\"m\",\"metadata\":[]}|metadata|expected an object, but got an array",
        "{\"model\":\"m\",\"metadata\":{\"a\":1}}|metadata.a|expected a string, but got an integer",
        "{\"model\":\"m\",\"metadata\":{\"a\":{}}}|metadata.a|expected a string, but got an object",
        "{\"model\":\"m\",\"text\":\"\"}|text|expected an object, but got a string",
        "{\"model\":\"m\",\"input\":5}|input|expected a string or an array",
        "{\"model\":\"m\",\"input\":[null]}|input[0]|must not be null",
        "{\"model\":\"m\",\"input\":[\"x\"]}|input[0]|expected an object",
        "{\"model\":\"m\",\"include\":[null]}|include[0]|must not be null",
        "{\"model\":\"m\",\"metadata\":{\"metadata\":null}}|metadata.metadata|must not be null",
        "{\"model\":\"m\",\"input\":[{\"type\":\"file_search_call\",\"status\":\"completed\",\"queries\":[null]}]}|input[0].queries[0]|must not be null",
        "{\"model\":\"m\",\"stop\":[1]}|stop[0]|expected a string, but got an integer",
        "{\"model\":\"m\",\"stop\":{}}|stop|expected a string or an array",
        "{\"model\":\"m\",\"tool_choice\":\"maybe\"}|tool_choice|'none', 'auto', 'required'",
        "[]|``|expected an object, but got an array",
        "\"x\"|``|expected an object, but got a string",
        "null|``|must not be null",
        // a number that does not fit
        "{\"model\":\"m\",\"max_output_tokens\":9223372036854775808}|max_output_tokens|out of range",
        "{\"model\":\"m\",\"max_tool_calls\":2147483648}|max_tool_calls|out of range",
        "{\"model\":\"m\",\"temperature\":1e999}|temperature|out of range",
        "{\"model\":\"m\",\"temperature\":-1e999}|temperature|out of range",
        "{\"model\":\"m\",\"extra_body\":{\"a\":1e999}}|extra_body.a|out of range",
        // missing
        "{}|model|Missing required parameter: 'model'.",
        "{\"model\":null}|model|Missing required parameter: 'model'.",
        "{\"model\":\"m\",\"tools\":[{\"type\":\"function\"}]}|tools[0].name|Missing required parameter: 'tools[0].name'.",
        "{\"model\":\"m\",\"tools\":[{\"type\":\"function\",\"name\":null}]}|tools[0].name|Missing required parameter: 'tools[0].name'.",
        "{\"model\":\"m\",\"tools\":[{}]}|tools[0].type|Missing required parameter: 'tools[0].type'.",
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\"}]}|input[0].content|Missing required parameter: 'input[0].content'.",
        "{\"model\":\"m\",\"input\":[{\"content\":\"x\"}]}|input[0].type|Missing required parameter: 'input[0].type'.",
        "{\"model\":\"m\",\"input\":[{\"type\":\"item_reference\"}]}|input[0].id|Missing required parameter: 'input[0].id'.",
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]}|input[0].content[0].text|Missing required parameter: 'input[0].content[0].text'.",
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"\"},{\"type\":\"input_text\",\"text\":7}]}]}|input[0].content[1].text|expected a string, but got an integer",
        // unknown values and kinds
        "{\"model\":\"m\",\"truncation\":\"maybe\"}|truncation|'maybe'. Supported values are: 'auto', 'disabled'.",
        "{\"model\":\"m\",\"truncation\":\"\"}|truncation|Supported values are: 'auto', 'disabled'.",
        "{\"model\":\"m\",\"truncation\":\"AUTO\"}|truncation|Supported values are: 'auto', 'disabled'.",
        "{\"model\":\"m\",\"truncation\":0}|truncation|expected a string, but got an integer",
        "{\"model\":\"m\",\"input\":[{\"role\":\"king\",\"content\":\"x\"}]}|input[0].role|Supported values are: 'user', 'assistant', 'system', 'developer'.",
        "{\"model\":\"m\",\"include\":[\"all\"]}|include[0]|'reasoning.encrypted_content'",
        "{\"model\":\"m\",\"tools\":[{\"type\":\"hammer\"}]}|tools[0].type|'hammer'. Supported values are: 'function', 'custom'",
        "{\"model\":\"m\",\"input\":[{\"type\":\"telepathy\"}]}|input[0].type|'telepathy'",
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"smell\"}]}]}|input[0].content[0].type|'smell'",
        "{\"model\":\"m\",\"text\":{\"format\":{\"type\":\"xml\"}}}|text.format.type|'xml'",
        "{\"model\":\"m\",\"tool_choice\":{\"type\":\"x\"}}|tool_choice.type|'x'",
        "{\"model\":\"m\",\"tools\":[{\"type\":7}]}|tools[0].type|expected a string",
      })
  void aFieldThatIsWrongIsNamed(String json, String param, String message) {
    InvalidJson.Field refused =
        catchThrowableOfType(
            InvalidJson.Field.class, () -> Json.read(utf8(json), CreateResponse.class));
    assertThat(refused).as(json).isNotNull();
    assertThat(refused.param()).as(json).isEqualTo(param);
    assertThat(refused).hasMessageContaining(message);
    if (!param.isEmpty()) {
      assertThat(refused).hasMessageContaining("'" + param + "'");
    }
    assertThat(refused.getMessage()).doesNotContain("antiphon", "java.", "tools.jackson");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|1|2",
        "{\"model\":\"m\"|1|13",
        "{\"model\":\"m\"} x|1|15",
        "{\"model\":\"m\"}{}|1|14",
        "{\"model\":nul}|1|10",
        "{\"model\":'m'}|1|10",
        "{model:1}|1|2",
        "{\"model\":NaN}|1|10",
        "{\"model\":\"m\",\"temperature\":Infinity}|1|29",
        "{\"model\":\"m\",\"temperature\":+1}|1|28",
        "{\"model\":\"m\",\"temperature\":01}|1|28",
        "{\"model\":\"m\",}|1|14",
        "{\"model\":\"m\",\"model\":\"n\"}|1|13",
        "{\"model\":\"\\ud800\"}|1|11",
        "{\"model\":\"\\udc00\\ud800\"}|1|11",
      })
  void whatIsNoJsonIsPlaced(String json, int line, int column) {
    assertPlaced(utf8(json), line, column);
    // The same one line further down.
    assertPlaced(utf8("\n" + json), line + 1, column);
  }

  /** The column may be that of the token's begin or of where it went wrong. */
  private static void assertPlaced(byte[] json, int line, int column) {
    InvalidJson.Syntax refused =
        catchThrowableOfType(InvalidJson.Syntax.class, () -> Json.read(json, CreateResponse.class));
    assertThat(refused).as(new String(json, StandardCharsets.UTF_8)).isNotNull();
    assertThat(refused.line()).isEqualTo(line);
    assertThat(refused.column()).isBetween(column, column + 14);
    assertThat(refused).hasMessageContaining("line " + line);
    assertThat(refused.getMessage()).doesNotContain("antiphon", "java.", "tools.jackson");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t "})
  void anEmptyBodyIsCalledEmpty(String json) {
    for (ThrowingCallable reading :
        List.<ThrowingCallable>of(
            () -> Json.read(utf8(json), CreateResponse.class), () -> Json.tree(utf8(json)))) {
      assertThat(catchThrowableOfType(InvalidJson.Syntax.class, reading))
          .hasMessageContaining("empty");
    }
  }

  @Test
  void brokenUtf8IsPlaced() {
    byte[] json = "{\n\"model\":\"é".getBytes(StandardCharsets.ISO_8859_1);
    InvalidJson.Syntax refused =
        catchThrowableOfType(InvalidJson.Syntax.class, () -> Json.read(json, CreateResponse.class));
    assertThat(refused).hasMessageContaining("UTF-8");
    assertThat(refused.line()).isEqualTo(2);
    assertThat(refused.column()).isEqualTo(10);
  }

  @Test
  void theDeepestNestingIsAllowedAndOneMoreIsNot() {
    // The object and extra_body's own are two of the levels.
    assertThat(Json.read(nested(Json.MAX_DEPTH - 2), CreateResponse.class).extraBody()).hasSize(1);
    assertThat(
            catchThrowableOfType(
                InvalidJson.Syntax.class,
                () -> Json.read(nested(Json.MAX_DEPTH - 1), CreateResponse.class)))
        .hasMessageContaining("nested too deeply")
        .hasMessageContaining("128");
  }

  private static byte[] nested(int levels) {
    return utf8(
        "{\"model\":\"m\",\"extra_body\":{\"a\":"
            + "[".repeat(levels)
            + "]".repeat(levels)
            + "}}");
  }

  @Test
  void aTextOfSixteenMebibytesIsRead() {
    String text = "x".repeat(16 * 1024 * 1024);
    assertThat(Json.read(utf8("{\"model\":\"" + text + "\"}"), CreateResponse.class).model())
        .hasSize(text.length());
  }

  @Test
  void metadataMustBeThereAndHoldTexts() {
    assertThat(update("{}")).isEqualTo("Missing required parameter: 'metadata'.");
    assertThat(update("{\"metadata\":null}")).isEqualTo("Missing required parameter: 'metadata'.");
    assertThat(update("{\"metadata\":{\"a\":null}}")).contains("'metadata.a'");
    assertThat(update("{\"metadata\":{\"a\":true}}"))
        .contains("'metadata.a'", "expected a string, but got a boolean");
  }

  private static String update(String json) {
    return String.valueOf(
        catchThrowableOfType(
                InvalidJson.Field.class, () -> Json.read(utf8(json), UpdateResponse.class))
            .getMessage());
  }

  @Test
  void whatIsShownOfAValueIsShort() {
    String json = "{\"model\":\"m\",\"truncation\":\"" + "y".repeat(100_000) + "\"}";
    assertThat(
            catchThrowableOfType(
                InvalidJson.Field.class, () -> Json.read(utf8(json), CreateResponse.class)))
        .message()
        .hasSizeLessThan(300);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
