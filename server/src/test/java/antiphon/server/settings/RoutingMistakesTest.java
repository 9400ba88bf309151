package antiphon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of mistakes in the file. */
class RoutingMistakesTest {

  private static final String KEY = "sk-a-key-nobody-may-see";

  @TempDir Path folder;

  @Test
  void everyMistakeIsToldWithItsPlace() {
    List<Mistake> mistakes =
        mistakes(
            """
            server:
              port: 70000
              prot: 1
            runs: nothing
            web:
              max_body_mib: many
              max_body_mib: 2
            engines:
              - name: one
                url: nonsense
                key_env: NOT_SET
                retries: -1
              - name: one
                kind: magic
              - 7
            auto: nobody
            models:
              m: {engine: two, aliases: [n], fallbacks: [x], abilities: [flying]}
              n: {engine: one}
            tenants:
              named:
                acme: {max_concurrency: 0}
            surprise: 1
            """);
    assertThat(mistakes.stream().map(Mistake::toString))
        .containsExactly(
            "line 2, column 9: server.port must be an integer between 0 and 65535, not 70000",
            "line 3, column 3: server.prot is not a key that is known here",
            "line 4, column 7: runs must be a mapping of keys to values",
            "line 6, column 17: web.max_body_mib must be an integer between 1 and 1024, not many",
            "line 7, column 3: web.max_body_mib is there twice",
            "line 10, column 10: engines.one.url cannot be used: engine one: not an http or https"
                + " URL: nonsense",
            "line 11, column 14: engines.one.key_env names a variable that is not set: NOT_SET",
            "line 12, column 14: engines.one.retries must be an integer between 0 and 20, not -1",
            "line 13, column 5: engines.one.url or urls must be there, one of the two",
            "line 13, column 11: engines.one.name is taken: there are two engines 'one'",
            "line 14, column 11: engines.one.kind must be one of chat, llama.cpp, responses, not"
                + " magic",
            "line 15, column 5: engines.2 must be a mapping of keys to values",
            "line 15, column 5: engines.2.name must be 1 to 64 letters, digits, '.', '_', ':' or"
                + " '-'",
            "line 15, column 5: engines.2.url or urls must be there, one of the two",
            "line 16, column 7: auto names no model: nobody",
            "line 18, column 15: models.m.engine names no engine: two",
            "line 18, column 29: models.m.aliases has a name that is taken: n",
            "line 18, column 45: models.m.fallbacks has a name that is no model's: x",
            "line 18, column 61: models.m.abilities has an unknown one: flying; there are audio,"
                + " files, reasoning, structured_output, tools, vision",
            "line 22, column 29: tenants.named.acme.max_concurrency must be an integer between 1"
                + " and 1000000, not 0",
            "line 23, column 1: surprise is not a key that is known here");
  }

  @Test
  void brokenYamlIsToldWithItsPlace() {
    List<Mistake> mistakes = mistakes("server:\n  host: [a\nport: 1\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().line()).isEqualTo(3);
    assertThat(mistakes.getFirst().message()).startsWith("this is no YAML: ");
  }

  @Test
  void aMistakeInTheEnvironmentNamesTheVariable() {
    InvalidSettings invalid =
        catchThrowableOfType(
            InvalidSettings.class,
            () -> SettingsFile.readAll(null, Map.of("ANTIPHON_RUNS_MAX_WAITING", "lots")));
    assertThat(invalid)
        .hasMessage(
            "ANTIPHON_RUNS_MAX_WAITING must be an integer between 0 and 10000000, not lots");
  }

  @Test
  void aKeyIsInNoMessage() throws IOException {
    Path keyFile = Files.writeString(folder.resolve("key"), KEY + " and more\n" + KEY);
    List<Mistake> mistakes =
        mistakes("engines: [{name: one, url: 'http://a/v1', key_file: '" + keyFile + "'}]");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.toString()).contains("key_file").doesNotContain(KEY);
  }

  private List<Mistake> mistakes(String yaml) {
    InvalidSettings invalid =
        catchThrowableOfType(
            InvalidSettings.class, () -> SettingsFile.readAll(write(yaml), Map.of()));
    assertThat(invalid).isNotNull();
    return invalid.mistakes();
  }

  private Path write(String yaml) {
    try {
      return Files.writeString(folder.resolve("antiphon.yaml"), yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
