package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Translations both ways, each in a file that shows what goes in and what comes out. */
final class ChatGoldenTest {

  static Stream<Path> requests() throws IOException {
    return files("requests");
  }

  static Stream<Path> streams() throws IOException {
    return files("streams");
  }

  /** A file holds {@code request} as at {@code POST /responses}, and the {@code body} sent on. */
  @ParameterizedTest
  @MethodSource("requests")
  void request(Path file) throws IOException {
    JsonNode golden = Json.tree(Files.readAllBytes(file));
    Turn turn = Turns.of(golden.path("request").toString());
    ChatSettings settings = settings(golden.path("settings"));
    assertThat(new ChatRefusals("test").of(turn)).isEmpty();
    JsonNode body = Json.tree(Json.bytes(new ChatRequests(settings).of(turn, true)));
    assertThat(body).isEqualTo(golden.path("body"));
  }

  /**
   * A file holds the request, the chunks, a line of dashes, and what is handed over, line by line.
   */
  @ParameterizedTest
  @MethodSource("streams")
  void stream(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    int rule = lines.indexOf("---");
    Turn turn = Turns.of(lines.getFirst());
    String[] chunks = lines.subList(1, rule).toArray(String[]::new);
    List<String> said = new ArrayList<>();
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) -> answer.stream().data(chunks).data("[DONE]"));
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      Heard heard = new Heard();
      TurnResult result = engine.generate(turn, heard);
      heard.pieces().forEach(piece -> said.add(visible(piece.toString())));
      said.add(visible(result.toString()));
    }
    assertThat(said).isEqualTo(lines.subList(rule + 1, lines.size()));
  }

  private static String visible(String text) {
    return text.replace("\n", "\\n");
  }

  private static ChatSettings settings(JsonNode given) {
    UpstreamSettings nowhere = UpstreamSettings.at("test", "http://127.0.0.1:1/v1", null);
    if (given.has("preset")) {
      return Objects.requireNonNull(Preset.ALL.get(given.path("preset").asString())).at(nowhere);
    }
    ChatSettings usual = ChatSettings.of(nowhere);
    return new ChatSettings(
        usual.upstream(),
        ChatSettings.MaxTokens.valueOf(given.path("max_tokens").asString(usual.maxTokens().name())),
        given.path("developer_role").asBoolean(usual.developerRole()),
        usual.thinking(),
        given.path("reasoning_field").isString() ? given.path("reasoning_field").asString() : null,
        usual.continuesMessages());
  }

  private static Stream<Path> files(String kind) throws IOException {
    try {
      var folder = ChatGoldenTest.class.getResource("/chat/" + kind);
      try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(folder).toURI()))) {
        return files.sorted().toList().stream();
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
