package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** docs/peers.md: what users have reported of other servers in public. */
@Timeout(60)
class ReportsTest {

  private static final String TOOLS =
      ",'tools':[{'type':'function','name':'f','parameters':{'type':'object','properties':{}}},"
          + "{'type':'function','name':'g','parameters':{'type':'object','properties':{}}}]";

  @TempDir Path folder;

  @Test
  void aStreamedResponseIsAPreviousOneAtOnce() {
    try (FakeUpstream upstream = new FakeUpstream(says("{'content':'one'}"));
        Node node = node(upstream)) {
      JsonNode last = stream(node, "").getLast();
      String id = last.at("/response/id").asString();
      List<JsonNode> next = stream(node, ",'previous_response_id':'" + id + "'");
      assertThat(next.getLast().at("/type").asString()).isEqualTo("response.completed");
      JsonNode messages = Node.json(upstream.requests().getLast().body()).at("/messages");
      assertThat(messages.valueStream().map(each -> each.at("/content").asString()))
          .containsExactly("Hi", "one", "Hi");
    }
  }

  @Test
  void laterPiecesOfACallMayRepeatAnEmptyName() {
    Script script =
        says(
            "{'tool_calls':[{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':''}}]}",
            "{'tool_calls':[{'index':0,'type':'function','function':{'name':'','arguments':'{\\u0022a\\u0022'}}]}",
            "{'tool_calls':[{'index':0,'type':'function','function':{'name':'','arguments':':1}'}}]}");
    try (FakeUpstream upstream = new FakeUpstream(script);
        Node node = node(upstream)) {
      JsonNode output = stream(node, TOOLS).getLast().at("/response/output");
      assertThat(output).hasSize(1);
      assertThat(output.at("/0/name").asString()).isEqualTo("f");
      assertThat(output.at("/0/arguments").asString()).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void textBesideACallIsWhole() {
    Script script =
        says(
            "{'content':'I will '}",
            "{'content':'look.','tool_calls':[{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]}");
    try (FakeUpstream upstream = new FakeUpstream(script);
        Node node = node(upstream)) {
      JsonNode response = stream(node, TOOLS).getLast().at("/response");
      assertThat(response.at("/output_text").asString()).isEqualTo("I will look.");
      assertThat(response.at("/output").valueStream().map(item -> item.at("/type").asString()))
          .containsExactly("message", "function_call");
    }
  }

  @Test
  void thoughtsInTheMidstOfACallDoNotBreakIt() {
    Script script =
        says(
            "{'tool_calls':[{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{\\u0022a\\u0022'}}]}",
            "{'reasoning_content':'hm'}",
            "{'tool_calls':[{'index':0,'function':{'arguments':':1}'}}]}");
    try (FakeUpstream upstream = new FakeUpstream(script);
        Node node = node(upstream)) {
      List<JsonNode> events = stream(node, TOOLS);
      assertThat(events.getLast().at("/type").asString()).isEqualTo("response.completed");
      JsonNode call =
          events
              .getLast()
              .at("/response/output")
              .valueStream()
              .filter(item -> item.at("/type").asString().equals("function_call"))
              .findFirst()
              .orElseThrow();
      assertThat(call.at("/arguments").asString()).isEqualTo("{\"a\":1}");
      assertThat(call.at("/name").asString()).isEqualTo("f");
    }
  }

  @Test
  void eachEventHasWhatStrictReadersWant() {
    Script script =
        says(
            "{'reasoning_content':'hm'}",
            "{'content':'text'}",
            "{'tool_calls':[{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]}");
    try (FakeUpstream upstream = new FakeUpstream(script);
        Node node = node(upstream)) {
      for (JsonNode event : stream(node, TOOLS)) {
        String type = event.at("/type").asString();
        if (event.has("response")) {
          assertThat(event.at("/response").propertyNames())
              .as(type)
              .contains("output", "background", "error", "metadata", "usage", "status");
        } else {
          assertThat(event.at("/output_index").isInt()).as(type).isTrue();
        }
        if (event.has("item") && !event.at("/item/type").asString().equals("reasoning")) {
          assertThat(event.at("/item/status").isString()).as(type).isTrue();
        }
        if (type.startsWith("response.output_text.") || type.startsWith("response.content_part.")) {
          assertThat(event.at("/content_index").isInt()).as(type).isTrue();
        }
      }
    }
  }

  @Test
  void thoughtsComeBackWithNulls() {
    String history =
        "[{'role':'user','content':'Hi'},{'id':'rs_1','type':'reasoning','summary':[],"
            + "'encrypted_content':null,'content':null,'status':null},{'id':'fc_1','type':"
            + "'function_call','call_id':'c','name':'f','arguments':'{}'},"
            + "{'type':'function_call_output','call_id':'c','output':'done'}]";
    try (FakeUpstream upstream = new FakeUpstream(says("{'content':'fine'}"));
        Node node = node(upstream)) {
      Answer made = node.post("/responses", json("{'model':'m','input':" + history + "}"));
      assertThat(made.status()).as(made.body()).isEqualTo(200);
      assertThat(made.text("/output_text")).isEqualTo("fine");
    }
  }

  @Test
  void textAfterACallInTheHistoryIsSaidOnce() {
    String history =
        "[{'role':'user','content':'Hi'},{'type':'function_call','call_id':'c','name':'f',"
            + "'arguments':'{}'},{'type':'function_call_output','call_id':'c','output':'done'}]";
    try (FakeUpstream upstream =
            new FakeUpstream(says("{'content':'It '}", "{'content':'is done.'}"));
        Node node = node(upstream)) {
      List<JsonNode> events =
          PeersUpstreamTest.events(
              node.post(
                      "/responses",
                      json("{'model':'m','stream':true,'input':" + history + TOOLS + "}"))
                  .body());
      String deltas =
          events.stream()
              .filter(event -> event.at("/type").asString().equals("response.output_text.delta"))
              .map(event -> event.at("/delta").asString())
              .collect(Collectors.joining());
      assertThat(deltas).isEqualTo("It is done.");
      assertThat(events.getLast().at("/response/output_text").asString()).isEqualTo(deltas);
    }
  }

  @Test
  void anyJsonObjectIsAskedForToo() {
    try (FakeUpstream upstream = new FakeUpstream(says("{'content':'{}'}"));
        Node node = node(upstream)) {
      node.post("/responses", request(",'text':{'format':{'type':'json_object'}}"));
      assertThat(Node.json(upstream.requests().getLast().body()).at("/response_format/type"))
          .hasToString("\"json_object\"");
    }
  }

  @Test
  void newHintsAreShownAndWhatIsUnknownIsNot() {
    String hints =
        ",'prompt_cache_options':{'mode':'explicit'},'access_programs':{'cyber':'standard'},"
            + "'image':{'context_compression':'auto'},'brand_new':{'a':1}";
    try (FakeUpstream upstream = new FakeUpstream(says("{'content':'fine'}"));
        Node node = node(upstream)) {
      Answer made = node.post("/responses", request(hints));
      assertThat(made.status()).as(made.body()).isEqualTo(200);
      assertThat(made.text("/prompt_cache_options/mode")).isEqualTo("explicit");
      assertThat(made.text("/access_programs/cyber")).isEqualTo("standard");
      assertThat(made.text("/image/context_compression")).isEqualTo("auto");
      assertThat(made.json().has("brand_new")).isFalse();
      assertThat(node.get("/responses/" + made.text("/id")).body()).isEqualTo(made.body());
      assertThat(upstream.requests().getLast().body()).doesNotContain("brand_new", "explicit");
    }
  }

  @Test
  void onlyTheAllowedToolsAreOffered() {
    String allowed =
        ",'tool_choice':{'type':'allowed_tools','mode':'auto','tools':[{'type':'function','name':'g'}]}";
    try (FakeUpstream upstream = new FakeUpstream(says("{'content':'fine'}"));
        Node node = node(upstream)) {
      node.post("/responses", request(TOOLS + allowed));
      JsonNode tools = Node.json(upstream.requests().getLast().body()).at("/tools");
      assertThat(tools.valueStream().map(tool -> tool.at("/function/name").asString()))
          .containsExactly("g");
    }
  }

  private static Script says(String... deltas) {
    boolean calls = deltas[deltas.length - 1].contains("tool_calls");
    String[] data = new String[deltas.length + 2];
    for (int i = 0; i < deltas.length; i++) {
      data[i] = json("{'choices':[{'index':0,'delta':" + deltas[i] + "}]}");
    }
    data[deltas.length] =
        json(
            "{'choices':[{'index':0,'delta':{},'finish_reason':'"
                + (calls ? "tool_calls" : "stop")
                + "'}]}");
    data[deltas.length + 1] = "[DONE]";
    return (request, answer) -> answer.stream().data(data);
  }

  private static List<JsonNode> stream(Node node, String more) {
    return PeersUpstreamTest.events(
        node.post("/responses", request(",'stream':true" + more)).body());
  }

  private static String request(String more) {
    return json("{'model':'m','input':'Hi'" + more + "}");
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"').replace("\\u0022", "\\\"");
  }

  private Node node(FakeUpstream upstream) {
    Engine engine =
        new ChatCompletionsEngine(
            ChatSettings.of(UpstreamSettings.at("up", upstream.url(), null).serving(List.of("m"))),
            InstantSource.system());
    return new Node(folder, engine);
  }
}
