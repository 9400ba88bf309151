package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Engine;
import antiphon.core.engine.Engines;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.Preset;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an engine sends for itself alone comes back to it, and to nobody else. */
@Timeout(60)
class OpaqueStateTest {

  private static final String SECRET = "c2VjcmV0LXNpZ25hdHVyZQ";
  private static final String STOP = "'finish_reason':'stop'";
  private static final String TOOLS = "'tools':[{'type':'function','name':'f'}]";
  private static final String CALL =
      "'tool_calls':[{'index':0,'id':'function-call-1','type':'function',"
          + "'function':{'name':'f','arguments':'{}'}%s}]";
  private static final String SIGNED = ",'extra_content':{'google':{'thought_signature':'%s'}}";

  @TempDir Path folder;

  private final List<String> deltas = new ArrayList<>();
  private final FakeUpstream one = upstream();
  private final FakeUpstream other = upstream();
  private final ReasoningSeal seal =
      new ReasoningSeal("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
  private Node node;

  private FakeUpstream upstream() {
    return new FakeUpstream((request, answer) -> {
      List<String> chunks = new ArrayList<>();
      List<String> said = deltas.isEmpty() ? List.of("'content':'ok'") : List.copyOf(deltas);
      deltas.clear();
      said.forEach(delta -> chunks.add("{'choices':[{'index':0,'delta':{" + delta + "}}]}"));
      chunks.add("{'choices':[{'index':0,'delta':{}," + STOP + "}]}");
      chunks.add("[DONE]");
      answer.stream()
          .data(chunks.stream().map(chunk -> chunk.replace('\'', '"')).toArray(String[]::new));
    });
  }

  private Node node() {
    return new Node(
        Stores.sqlite(folder),
        new Engines(List.of(engine("one", "gemini", one), engine("other", "mistral", other))),
        seal);
  }

  private static Engine engine(String name, String preset, FakeUpstream upstream) {
    UpstreamSettings at =
        UpstreamSettings.at(name, upstream.url(), null).serving(List.of("model-" + name));
    return new ChatCompletionsEngine(
        Objects.requireNonNull(Preset.ALL.get(preset)).at(at), InstantSource.system());
  }

  @BeforeEach
  void start() {
    node = node();
  }

  @AfterEach
  void stop() {
    node.close();
    one.close();
    other.close();
  }

  private Answer create(String model, String fields) {
    String body = "{'model':'model-" + model + "'," + TOOLS + "," + fields + "}";
    Answer answer = node.post("/responses", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static JsonNode assistant(FakeUpstream upstream) {
    return Node.json(upstream.requests().getLast().body())
        .path("messages")
        .valueStream()
        .filter(message -> message.path("role").asString().equals("assistant"))
        .findFirst()
        .orElseThrow();
  }

  private static String output(String previous) {
    return "'previous_response_id':'%s','input':[{'type':'function_call_output','call_id':"
            .formatted(previous)
        + "'function-call-1','output':'done'}]";
  }

  private static String called(JsonNode response) {
    assertThat(response.path("output").valueStream().map(item -> item.path("type").asString()))
        .endsWith("function_call");
    return response.path("id").asString();
  }

  private void nobodySees(String id, String secret) {
    String path = "/responses/" + id;
    for (Answer read :
        List.of(
            node.get(path), node.get("/responses?limit=100"), node.get(path + "/input_items"))) {
      assertThat(read.body()).doesNotContain(secret).doesNotContain("antiphon_engine");
    }
    assertThat(String.join("\n", node.events(path + "?stream=true"))).doesNotContain(secret);
  }

  @Test
  void theSignatureOfACallComesBackWithItAfterARestartToo() {
    deltas.add(CALL.formatted(SIGNED.formatted(SECRET)));
    Answer first = create("one", "'input':'go'");
    assertThat(first.body()).doesNotContain(SECRET);
    String id = called(first.json());
    nobodySees(id, SECRET);
    for (int again = 0; again < 2; again++) {
      String next = create("one", output(id)).json().path("id").asString();
      JsonNode call = assistant(one).at("/tool_calls/0");
      assertThat(call.at("/extra_content/google/thought_signature").asString()).isEqualTo(SECRET);
      assertThat(call.path("id").asString()).isEqualTo("function-call-1");
      nobodySees(next, SECRET);
      node.close();
      node = node();
    }
    create("other", output(id));
    assertThat(other.requests().getLast().body()).doesNotContain(SECRET);
  }

  @Test
  void aStreamHasItSealedOnly() {
    deltas.add("'content':'I call.'");
    deltas.add(CALL.formatted(SIGNED.formatted(SECRET)));
    Answer stream = create("one", "'input':'go','stream':true");
    assertThat(stream.body()).contains("function_call").doesNotContain(SECRET);
    String id = stream.body().replaceFirst("(?s).*?\"id\":\"(resp_[^\"]+)\".*", "$1");
    nobodySees(id, SECRET);
    create("one", output(id));
    JsonNode said = assistant(one);
    assertThat(said.path("content").asString()).isEqualTo("I call.");
    assertThat(said.at("/tool_calls/0/extra_content/google/thought_signature").asString())
        .isEqualTo(SECRET);
  }

  @Test
  void aClientThatKeepsTheHistoryItselfSendsItBackSealed() {
    deltas.add(CALL.formatted(SIGNED.formatted(SECRET)));
    JsonNode made = create("one", "'input':'go','store':false").json();
    StringBuilder history = new StringBuilder("'store':false,'input':[");
    made.path("output").forEach(item -> history.append(item).append(','));
    history.append("{'type':'function_call_output','call_id':'function-call-1','output':'done'}]");
    create("one", history.toString());
    assertThat(assistant(one).at("/tool_calls/0/extra_content/google/thought_signature").asString())
        .isEqualTo(SECRET);
    create("other", history.toString());
    assertThat(other.requests().getLast().body()).doesNotContain(SECRET).contains("done");
  }

  @Test
  void theDetailsOfThoughtsArePutTogetherAgain() {
    String detail = "'reasoning_details':[{'type':'reasoning.text','index':0,%s}]";
    deltas.add("'reasoning':'Let me ','content':''," + detail.formatted("'text':'Let me '"));
    deltas.add("'reasoning':'see.','content':''," + detail.formatted("'text':'see.'"));
    deltas.add(detail.formatted("'text':'','signature':'" + SECRET + "'"));
    deltas.add(
        "'reasoning_details':[{'type':'reasoning.encrypted','index':1,'data':'" + SECRET + "'}]");
    deltas.add(CALL.formatted(""));
    JsonNode made = create("one", "'input':'go'").json();
    String id = called(made);
    assertThat(made.path("output")).hasSize(2);
    assertThat(made.at("/output/0/content/0/text").asString()).isEqualTo("Let me see.");
    nobodySees(id, SECRET);
    create("one", output(id));
    assertThat(assistant(one).path("reasoning_details"))
        .isEqualTo(
            Node.json(
                """
                [{"type":"reasoning.text","index":0,"text":"Let me see.","signature":"%s"},
                 {"type":"reasoning.encrypted","index":1,"data":"%s"}]
                """
                    .formatted(SECRET, SECRET)));
    create("other", output(id));
    assertThat(other.requests().getLast().body()).doesNotContain(SECRET);
  }

  @Test
  void anAnswerWithoutCallsHasNoItemTooMany() {
    deltas.add("'content':'Yes.','extra_content':{'google':{'thought_signature':'s1'}}");
    JsonNode made = create("one", "'input':'go'").json();
    assertThat(made.path("output").valueStream().map(item -> item.path("type").asString()))
        .containsExactly("reasoning", "message");
    create("one", "'input':'on','previous_response_id':'" + made.path("id").asString() + "'");
    assertThat(assistant(one).at("/extra_content/google/thought_signature").asString())
        .isEqualTo("s1");
    assertThat(assistant(one).path("content").asString()).isEqualTo("Yes.");
  }

  @Test
  void idsOfCallsHaveTheFormThatTheEngineDemands() {
    deltas.add(CALL.formatted(""));
    String id = called(create("other", "'input':'go'").json());
    create("other", output(id));
    JsonNode messages = Node.json(other.requests().getLast().body()).path("messages");
    String told = messages.at("/1/tool_calls/0/id").asString();
    assertThat(told).matches("[a-zA-Z0-9]{9}");
    assertThat(messages.at("/2/tool_call_id").asString()).isEqualTo(told);
    create("other", output(id));
    assertThat(assistant(other).at("/tool_calls/0/id").asString()).isEqualTo(told);
  }

  @Test
  void anIdThatHasTheFormStays() {
    deltas.add(CALL.formatted("").replace("function-call-1", "D681PevKs"));
    String id = called(create("other", "'input':'go'").json());
    create("other", output(id).replace("function-call-1", "D681PevKs"));
    assertThat(assistant(other).at("/tool_calls/0/id").asString()).isEqualTo("D681PevKs");
  }
}
