package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every form that a request may have: each is taken, and the engine is told what it says; or it is
 * refused, and the field is named. None is an error of ours, and nothing is dropped in silence.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RequestSweepTest {

  private FakeUpstream upstream;
  private Node node;

  /** One form: {@code seen} is what the engine is told, or the field that is named. */
  record Form(int status, String name, String body, List<String> seen) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() throws IOException {
    try (InputStream table = RequestSweepTest.class.getResourceAsStream("/field/requests.psv")) {
      byte[] bytes = Objects.requireNonNull(table).readAllBytes();
      List<Form> forms =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(RequestSweepTest::form)
              .toList();
      assertThat(forms).hasSizeGreaterThan(150);
      return forms.stream();
    }
  }

  private static Form form(String line) {
    String[] columns = line.split("\\|", -1);
    String seen = columns[3].strip();
    return new Form(
        Integer.parseInt(columns[0].strip()),
        columns[1].strip(),
        columns[2].strip(),
        seen.isEmpty() ? List.of() : List.of(seen.split(" ")));
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    String text = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"}}]}";
    String stop = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    upstream = new FakeUpstream((request, answer) -> answer.stream().data(text, stop, "[DONE]"));
    node =
        new Node(
            folder,
            new ChatCompletionsEngine(
                ChatSettings.of(UpstreamSettings.at("up", upstream.url(), null)),
                InstantSource.system()));
  }

  @AfterAll
  void stop() {
    node.close();
    upstream.close();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isTakenOrRefusedByName(Form form) {
    Answer answer =
        node.post("/responses", ("{'model':'m'," + form.body() + "}").replace('\'', '"'));
    assertThat(answer.status()).as(answer.body()).isEqualTo(form.status());
    if (form.status() == 400) {
      assertThat(answer.text("/error/param")).isEqualTo(form.seen().getFirst());
      assertThat(answer.text("/error/message")).isNotEmpty();
      return;
    }
    String told = upstream.requests().getLast().body();
    for (String word : form.seen()) {
      if (word.equals("LEFT")) {
        assertThat(answer.header("x-antiphon-left-out")).isNotEmpty();
      } else {
        assertThat(told).contains(word);
      }
    }
    wellFormed(Node.json(told));
  }

  /** What strict engines ask for: objects as arguments, and an output behind each call. */
  private static void wellFormed(JsonNode request) {
    List<JsonNode> messages = request.path("messages").valueStream().toList();
    for (int i = 0; i < messages.size(); i++) {
      int place = i + 1;
      for (JsonNode call : messages.get(i).path("tool_calls")) {
        String arguments = call.at("/function/arguments").asString();
        assertThat(Node.json(arguments).isObject()).as(arguments).isTrue();
        assertThat(messages.get(place++).path("tool_call_id")).isEqualTo(call.path("id"));
      }
    }
    for (JsonNode tool : request.path("tools")) {
      assertThat(tool.at("/function/parameters/properties").isObject()).isTrue();
    }
  }
}
