package antiphon.sandbox.tool;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code out of arguments that come in pieces. */
final class CodeStreamTest {

  private static final String LETTERS = "ab\"\\\n\t\r\b\f/{}ü€😀\u0001'";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyPiecesGiveTheCode(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder code = new StringBuilder();
      int[] points = LETTERS.codePoints().toArray();
      for (int i = random.nextInt(20); i > 0; i--) {
        code.appendCodePoint(points[random.nextInt(points.length)]);
      }
      String arguments = Json.text(Map.of("code", code.toString()));
      if (random.nextBoolean()) {
        arguments = escaped(arguments);
      }
      CodeStream stream = new CodeStream();
      StringBuilder told = new StringBuilder();
      for (int at = 0; at < arguments.length(); ) {
        int end = Math.min(arguments.length(), at + 1 + random.nextInt(5));
        String fresh = stream.feed(arguments.substring(at, end));
        assertThat(fresh.isEmpty() || !Character.isHighSurrogate(fresh.charAt(fresh.length() - 1)))
            .isTrue();
        told.append(fresh);
        at = end;
      }
      assertThat(told).as("seed %d, %s", seed, arguments).hasToString(code.toString());
      assertThat(CodeStream.code(arguments)).isEqualTo(code.toString());
    }
  }

  private static String escaped(String json) {
    StringBuilder out = new StringBuilder();
    json.chars()
        .forEach(c -> {
          if (c > 126) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.append((char) c);
          }
        });
    return out.toString();
  }

  @Test
  void codeWithoutJsonIsCodeAllTheSame() {
    assertThat(CodeStream.code("print(1)")).isEqualTo("print(1)");
    assertThat(CodeStream.code("\"print(1)\"")).isEqualTo("print(1)");
    assertThat(CodeStream.code("{\"other\":1}")).isEmpty();
    assertThat(new CodeStream().feed("print(1)")).isEmpty();
  }

  @Test
  void modelsThatSayOneCommandAreUnderstood() {
    assertThat(ShellArguments.of("{\"command\":\"ls\"}").commands()).containsExactly("ls");
    assertThat(ShellArguments.of("{\"commands\":\"ls\"}").commands()).containsExactly("ls");
    assertThat(ShellArguments.of("{\"commands\":[\"a\",7,\"b\"]}").commands())
        .isEqualTo(List.of("a", "b"));
    assertThat(ShellArguments.of("ls -l").commands()).containsExactly("ls -l");
    assertThat(ShellArguments.of("{\"commands\":[],\"timeout_ms\":-1}"))
        .isEqualTo(new ShellArguments(List.of(), null, null));
  }
}
