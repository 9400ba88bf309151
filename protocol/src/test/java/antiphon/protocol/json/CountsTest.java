package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much a body may have, whatever it is. */
class CountsTest {

  private static void read(String json) {
    Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
  }

  private static String list(String field, String entry, int count) {
    return "{\"model\":\"m\",\"" + field + "\":[" + (entry + ",").repeat(count - 1) + entry + "]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input | {\"role\":\"user\",\"content\":\"x\"}",
        "tools | {\"type\":\"function\",\"name\":\"f\"}",
        "other | [[],{\"a\":[1]}]",
      })
  void ten_thousand_entries_and_not_one_more(String field, String entry) {
    String most = list(field, entry, 10_000);
    assertThatCode(() -> read(most)).doesNotThrowAnyException();
    assertThatThrownBy(() -> read(list(field, entry, 10_001)))
        .isInstanceOfSatisfying(
            InvalidJson.Field.class,
            refused -> {
              assertThat(refused.param()).isEqualTo(field);
              assertThat(refused).hasMessageContaining("at most 10000 entries");
            });
  }

  @Test
  void values_are_counted_wherever_they_are_and_the_place_is_named() {
    String deep =
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"x\"},"
            + "{\"type\":\"reasoning\",\"summary\":["
            + "[],".repeat(600_000)
            + "[]]}]}";
    assertThatThrownBy(() -> read(deep))
        .isInstanceOfSatisfying(
            InvalidJson.Field.class,
            refused -> {
              assertThat(refused.param()).startsWith("input[1].summary[49");
              assertThat(refused).hasMessageContaining("at most 500000 values");
            });
  }

  @Test
  void sixteen_megabytes_of_items_are_refused_without_reading_them_all() {
    byte[] json =
        list("input", "{\"role\":\"user\",\"content\":\"x\"}", 550_000)
            .getBytes(StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    assertThatThrownBy(() -> Json.read(json, CreateResponse.class))
        .isInstanceOf(InvalidJson.Field.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void what_is_no_json_is_told_as_before() {
    String broken = "{\"model\":\"m\",\"input\":\"" + "x".repeat(100_000) + "\",}";
    assertThatThrownBy(() -> read(broken)).isInstanceOf(InvalidJson.Syntax.class);
    String twice = "{\"model\":\"m\",\"model\":\"" + "x".repeat(100_000) + "\"}";
    assertThatThrownBy(() -> read(twice))
        .isInstanceOf(InvalidJson.Syntax.class)
        .hasMessageContaining("same field twice");
  }
}
