package antiphon.engines.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FreeInputTest {

  private static final String JSON = "{\n \"input\" : \"a \\\"b\\\" \\\\ \\n\\u00e9 ü\"}";

  @Test
  void theTextIsTheSameHoweverItsJsonIsCut() {
    for (int size = 1; size <= JSON.length(); size++) {
      FreeInput input = new FreeInput();
      StringBuilder text = new StringBuilder();
      for (int from = 0; from < JSON.length(); from += size) {
        text.append(input.add(JSON.substring(from, Math.min(JSON.length(), from + size))));
      }
      assertThat(text).as("pieces of %d", size).hasToString("a \"b\" \\ \né ü");
    }
  }

  @Test
  void whatIsNotClosedIsGivenAsFarAsItCame() {
    assertThat(new FreeInput().add("{\"input\":\"half a te\\")).isEqualTo("half a te");
  }
}
