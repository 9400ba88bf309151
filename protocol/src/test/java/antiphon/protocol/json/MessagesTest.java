package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.UpdateResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told: which field, and what it should have been. */
class MessagesTest {

  @ParameterizedTest
  @CsvFileSource(
      resources = "/refused-fields.psv",
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 8192)
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"m|it breaks off",
        "{\"model\":\"m\",\"input\":[|it breaks off",
        "{\"model\":\"m\"} x|it goes wrong",
        "{\"model\":\"m\"} {}|something follows its end",
        "{\"model\":\"m\",\"model\":\"m\"}|the same field twice",
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"role\":\"user\"}]}|the same field twice",
      })
  void whatIsNoJsonIsNamed(String json, String message) {
    assertThat(
            catchThrowableOfType(
                InvalidJson.Syntax.class, () -> Json.read(utf8(json), CreateResponse.class)))
        .as(json)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsTooLongIsNamedAndPlaced() {
    for (var tooLong :
        Map.of(
                "{\n\"top_k\":" + "1".repeat(1001) + "}", "a number that is too long",
                "{\n\"" + "n".repeat(60_000) + "\":1}", "a field name that is too long")
            .entrySet()) {
      InvalidJson.Syntax refused =
          catchThrowableOfType(
              InvalidJson.Syntax.class,
              () -> Json.read(utf8(tooLong.getKey()), CreateResponse.class));
      assertThat(refused).hasMessageContaining(tooLong.getValue());
      assertThat(refused.line()).isEqualTo(2);
      assertThat(refused.column()).isGreaterThan(1000);
    }
    // As many digits as are allowed, in a field of any form: kept to the last.
    String digits = "9".repeat(1000);
    assertThat(Json.text(Json.tree(utf8("{\"a\":" + digits + "}")))).contains(digits);
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    byte[] json = utf8("\uFEFF{\"model\":\"m\"}");
    assertThat(Json.read(json, CreateResponse.class).model()).isEqualTo("m");
    assertThat(Json.tree(json).path("model").asString()).isEqualTo("m");
    assertThat(
            catchThrowableOfType(
                InvalidJson.Syntax.class, () -> Json.read(utf8("\uFEFF"), CreateResponse.class)))
        .hasMessageContaining("empty");
  }

  /** They would carry past the check what it is there for: half a surrogate pair, for one. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16"})
  void otherEncodingsAreNotGuessed(String charset) {
    for (String model : List.of("m", "\\ud800")) {
      byte[] json = ("{\"model\":\"" + model + "\"}").getBytes(Charset.forName(charset));
      assertThat(
              catchThrowableOfType(
                  InvalidJson.Syntax.class, () -> Json.read(json, CreateResponse.class)))
          .isNotNull();
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
        .hasMessageContaining("128")
        .extracting(InvalidJson.Syntax::column)
        .isEqualTo("{\"model\":\"m\",\"extra_body\":{\"a\":".length() + 128);
  }

  private static byte[] nested(int levels) {
    return utf8(
        "{\"model\":\"m\",\"extra_body\":{\"a\":" + "[".repeat(levels) + "]".repeat(levels) + "}}");
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
    String name = "{\"model\":\"m\",\"metadata\":{\"" + "y".repeat(40_000) + "\":1}}";
    assertThat(
            catchThrowableOfType(
                InvalidJson.Field.class, () -> Json.read(utf8(name), CreateResponse.class)))
        .message()
        .startsWith("Invalid type for 'metadata.yyy")
        .hasSizeLessThan(300);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
