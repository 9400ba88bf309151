package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A node before an engine of Chat Completions that says what a test has it say. Bodies are written
 * with single quotes.
 */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
abstract class ChatFixture {

  private static final String STOP =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  @TempDir Path folder;

  /** The fields of the engine's next deltas, one a turn; it says ok when there are none. */
  final List<String> said = new ArrayList<>();

  FakeUpstream upstream;
  Node node;

  @BeforeEach
  void start() {
    upstream =
        new FakeUpstream((request, answer) -> {
          String delta =
              said.isEmpty() || request.body().isEmpty() ? "'content':'ok'" : said.removeFirst();
          answer.stream()
              .data(
                  ("{'choices':[{'index':0,'delta':{" + delta + "}}]}").replace('\'', '"'),
                  STOP,
                  "[DONE]");
        });
    node =
        new Node(
            folder,
            new ChatCompletionsEngine(
                ChatSettings.of(UpstreamSettings.at("up", upstream.url(), null)),
                InstantSource.system()));
  }

  @AfterEach
  void stop() {
    node.close();
    upstream.close();
  }

  Answer create(String fields) {
    return node.post("/responses", ("{'model':'m'," + fields + "}").replace('\'', '"'));
  }

  JsonNode created(String fields) {
    Answer answer = create(fields);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /** What the engine was sent last. */
  JsonNode sent() {
    return Node.json(upstream.requests().getLast().body());
  }

  static String call(String id, String name, String arguments) {
    return "'tool_calls':[" + oneCall(0, id, name, arguments) + "]";
  }

  static String oneCall(int index, String id, String name, String arguments) {
    return "{'index':%d,'id':'%s','type':'function','function':{'name':'%s','arguments':'%s'}}"
        .formatted(index, id, name, arguments.replace("'", "\\'"));
  }
}
