package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Ids;
import antiphon.server.life.Node.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What clients really send and engines really say, over a whole server. */
class FieldTest extends ChatFixture {

  private static final String FUNCTION = "{'type':'function','name':'list_dir'}";

  /** The messages that the engine was sent last. */
  private JsonNode told() {
    return sent().path("messages");
  }

  private List<String> toldByTools() {
    return told()
        .valueStream()
        .filter(message -> message.path("role").asString().equals("tool"))
        .map(message -> message.path("content").asString())
        .toList();
  }

  private static String output(String callId, String text) {
    return "{'type':'function_call_output','call_id':'%s','output':'%s'}".formatted(callId, text);
  }

  @Test
  void anIdThatAnEngineUsesAgainMeansTheCallBeforeIt() {
    said.add(call("list_dir:0", "list_dir", "{\\\"path\\\":\\\"A\\\"}"));
    said.add(call("list_dir:0", "list_dir", "{\\\"path\\\":\\\"B\\\"}"));
    String tools = "'tools':[" + FUNCTION + "]";
    JsonNode first = created("'input':'go'," + tools);
    assertThat(first.at("/output/0/call_id").asString()).isEqualTo("list_dir:0");
    JsonNode second =
        created(
            "'input':[%s],'previous_response_id':'%s',%s"
                .formatted(output("list_dir:0", "FILES OF A"), first.path("id").asString(), tools));
    created(
        "'input':[%s],'previous_response_id':'%s',%s"
            .formatted(output("list_dir:0", "FILES OF B"), second.path("id").asString(), tools));
    assertThat(toldByTools()).containsExactly("FILES OF A", "FILES OF B");

    created(
        "'input':[{'role':'user','content':'go'},%s,%s,%s,%s],%s"
            .formatted(
                first.at("/output/0"),
                output("list_dir:0", "FILES OF A"),
                second.at("/output/0"),
                output("list_dir:0", "FILES OF B"),
                tools));
    assertThat(toldByTools()).containsExactly("FILES OF A", "FILES OF B");
  }

  @Test
  void twoCallsWithOneIdInOneMessageBothLive() {
    said.add(
        "'tool_calls':["
            + oneCall(0, "x", "list_dir", "{\\\"path\\\":\\\"A\\\"}")
            + ","
            + oneCall(1, "x", "list_dir", "{\\\"path\\\":\\\"B\\\"}")
            + "]");
    JsonNode made = created("'input':'go','tools':[" + FUNCTION + "]");
    String one = made.at("/output/0/call_id").asString();
    String other = made.at("/output/1/call_id").asString();
    assertThat(one).isEqualTo("x");
    assertThat(other).isNotEqualTo("x");
    created(
        "'input':[%s,%s],'previous_response_id':'%s'"
            .formatted(output(other, "OF B"), output(one, "OF A"), made.path("id").asString()));
    assertThat(toldByTools()).containsExactly("OF A", "OF B");

    // A client that keeps a history of its own may still have one id for both.
    String call = "{'type':'function_call','call_id':'x','name':'list_dir','arguments':'{}'}";
    String go = "{'role':'user','content':'go'}";
    created(
        "'input':[%s,%s,%s,%s,%s]"
            .formatted(go, call, call, output("x", "OF A"), output("x", "OF B")));
    assertThat(toldByTools()).containsExactly("OF A", "OF B");
    JsonNode calls = told().get(1).path("tool_calls");
    assertThat(calls.at("/0/id").asString()).isNotEqualTo(calls.at("/1/id").asString());
    assertThat(told().at("/3/tool_call_id").asString()).isEqualTo(calls.at("/1/id").asString());
  }

  @Test
  void anOutputSaidAgainIsNoMistakeUnlessItDiffers() {
    said.add(call("c1", "list_dir", "{}"));
    JsonNode made = created("'input':'go','tools':[" + FUNCTION + "]");
    String id = made.path("id").asString();
    JsonNode answered =
        created("'input':[%s],'previous_response_id':'%s'".formatted(output("c1", "A"), id));
    String last = answered.path("id").asString();
    created(
        "'input':[%s,{'role':'user','content':'on'}],'previous_response_id':'%s'"
            .formatted(output("c1", "A"), last));
    assertThat(toldByTools()).containsExactly("A");
    // The whole history beside the previous response, its open call included.
    created(
        "'input':[%s,%s],'previous_response_id':'%s'"
            .formatted(made.at("/output/0"), output("c1", "A"), id));
    assertThat(toldByTools()).containsExactly("A");
    Answer differs =
        create("'input':[%s],'previous_response_id':'%s'".formatted(output("c1", "B"), last));
    assertThat(differs.status()).isEqualTo(400);
    assertThat(differs.text("/error/param")).isEqualTo("input[0].call_id");
  }

  @Test
  void aFunctionOfANamespaceComesBackWithIt() {
    String tools =
        "'tools':[{'type':'namespace','name':'mcp__demo','description':'d','tools':["
            + "{'type':'function','name':'f','parameters':{'type':'object','properties':{}}}]}]";
    for (String called : List.of("f", "mcp__demo__f")) {
      said.add(call("c1", called, "{}"));
      JsonNode made = created("'input':'go'," + tools);
      JsonNode call = made.at("/output/0");
      assertThat(call.path("name").asString()).isEqualTo("f");
      assertThat(call.path("namespace").asString()).isEqualTo("mcp__demo");
      assertThat(made.at("/tools/0/type").asString()).isEqualTo("namespace");
      String sent =
          Node.json(upstream.requests().getLast().body()).at("/tools/0/function/name").asString();
      created(
          "'input':[%s],'previous_response_id':'%s',%s"
              .formatted(output("c1", "A"), made.path("id").asString(), tools));
      assertThat(told().at("/1/tool_calls/0/function/name").asString()).isEqualTo(sent);
    }
  }

  @Test
  void aToolThatNobodyRunsIsLeftOutBesideOthersAndSaid() {
    String search = "{'type':'web_search','external_web_access':true}";
    Answer made = create("'input':'go','tools':[" + search + "," + FUNCTION + "]");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(made.header("x-antiphon-left-out")).isEqualTo("web_search");
    assertThat(made.text("/tools/0/type")).isEqualTo("web_search");
    assertThat(Node.json(upstream.requests().getLast().body()).path("tools")).hasSize(1);
    for (String refused :
        List.of(
            "'tools':[" + search + "]",
            "'tools':[" + search + "," + FUNCTION + "],'tool_choice':{'type':'web_search'}")) {
      Answer answer = create("'input':'go'," + refused);
      assertThat(answer.status()).as(refused).isEqualTo(400);
      assertThat(answer.text("/error/param")).isEqualTo("tools[0]");
    }
  }

  @Test
  void theClientsOwnToolsAreTheClients() {
    String grammar =
        "{'type':'custom','name':'apply_patch','format':{'type':'grammar','syntax':'lark',"
            + "'definition':'start: /.+/'}}";
    said.add(call("c1", "apply_patch", "{\\\"input\\\":\\\"*** Begin\\\"}"));
    JsonNode custom = created("'input':'go','tools':[" + grammar + "]");
    assertThat(custom.at("/output/0/type").asString()).isEqualTo("custom_tool_call");
    assertThat(custom.at("/output/0/input").asString()).isEqualTo("*** Begin");
    assertThat(upstream.requests().getLast().body()).contains("start: /.+/");

    said.add(call("c2", "local_shell", "{\\\"command\\\":[\\\"ls\\\",\\\"-l\\\"]}"));
    JsonNode shell = created("'input':'go','tools':[{'type':'local_shell'}]");
    JsonNode call = shell.at("/output/0");
    assertThat(call.path("type").asString()).isEqualTo("local_shell_call");
    assertThat(call.path("status").asString()).isEqualTo("completed");
    assertThat(call.path("action"))
        .isEqualTo(Node.json("{\"type\":\"exec\",\"command\":[\"ls\",\"-l\"],\"env\":{}}"));
    for (String answer :
        List.of(
            "{'type':'local_shell_call_output','id':'c2','output':'total 0'}",
            "{'type':'function_call_output','call_id':'c2','output':'total 0'}")) {
      created(
          "'input':[%s],'previous_response_id':'%s'"
              .formatted(answer, shell.path("id").asString()));
      assertThat(toldByTools()).containsExactly("total 0");
    }

    said.add(call("c2", "local_shell", "{\\\"command\\\":\\\"ls -l\\\"}"));
    JsonNode line = created("'input':'go','tools':[{'type':'local_shell'}]");
    assertThat(line.at("/output/0/action/command"))
        .isEqualTo(Node.json("[\"bash\",\"-lc\",\"ls -l\"]"));

    said.add(call("c2", "local_shell", "{\\\"command\\\":5}"));
    JsonNode odd = created("'input':'go','tools':[{'type':'local_shell'}]");
    assertThat(odd.at("/output/0/type").asString()).isEqualTo("function_call");
    created(
        "'input':[%s],'previous_response_id':'%s'"
            .formatted(output("c2", "no such command"), odd.path("id").asString()));
    assertThat(toldByTools()).containsExactly("no such command");

    said.add(
        call("c3", "apply_patch", "{\\\"type\\\":\\\"delete_file\\\",\\\"path\\\":\\\"a\\\"}"));
    JsonNode patch = created("'input':'go','tools':[{'type':'apply_patch'}]");
    assertThat(patch.at("/output/0/type").asString()).isEqualTo("apply_patch_call");
    assertThat(patch.at("/output/0/operation/path").asString()).isEqualTo("a");
    created(
        ("'input':[{'type':'apply_patch_call_output','call_id':'c3','status':'completed',"
                + "'output':'Deleted a'}],'previous_response_id':'%s'")
            .formatted(patch.path("id").asString()));
    assertThat(toldByTools()).containsExactly("Deleted a");

    for (String unfit :
        List.of(
            "{\\\"city\\\":\\\"Paris\\\"}",
            "{\\\"type\\\":\\\"update_file\\\",\\\"path\\\":\\\"a\\\"}",
            "{\\\"type\\\":\\\"rename\\\",\\\"path\\\":\\\"a\\\",\\\"diff\\\":\\\"\\\"}")) {
      said.add(call("c3", "apply_patch", unfit));
      JsonNode words = created("'input':'go','tools':[{'type':'apply_patch'}]").at("/output/0");
      assertThat(words.path("type").asString()).as(unfit).isEqualTo("function_call");
      assertThat(words.path("name").asString()).isEqualTo("apply_patch");
    }
    said.add(call("c3", "computer", "{\\\"city\\\":\\\"Paris\\\"}"));
    assertThat(
            created("'input':'go','tools':[{'type':'computer'}]").at("/output/0/type").asString())
        .isEqualTo("function_call");

    said.add(call("c4", "shell", "{\\\"commands\\\":[\\\"ls\\\"]}"));
    JsonNode local =
        created("'input':'go','tools':[{'type':'shell','environment':{'type':'local'}}]");
    assertThat(local.at("/output/0/type").asString()).isEqualTo("shell_call");
    assertThat(local.at("/output/0/action/commands/0").asString()).isEqualTo("ls");
  }

  @Test
  void anInputThatBreaksItsGrammarIsNoCallOfTheTool() {
    String tool =
        "'tools':[{'type':'custom','name':'when','format':{'type':'grammar','syntax':'regex',"
            + "'definition':'[0-9]{4}-[0-9]{2}'}}]";
    said.add(call("c1", "when", "{\\\"input\\\":\\\"2026-11\\\"}"));
    JsonNode kept = created("'input':'go'," + tool).at("/output/0");
    assertThat(kept.path("type").asString()).isEqualTo("custom_tool_call");
    assertThat(kept.path("input").asString()).isEqualTo("2026-11");

    said.add(call("c1", "when", "{\\\"input\\\":\\\"soon\\\"}"));
    JsonNode made = created("'input':'go'," + tool);
    JsonNode broken = made.at("/output/0");
    assertThat(broken.path("type").asString()).isEqualTo("function_call");
    assertThat(broken.path("name").asString()).isEqualTo("when");
    assertThat(broken.path("arguments").asString()).isEqualTo("{\"input\":\"soon\"}");
    created(
        "'input':[%s],'previous_response_id':'%s'"
            .formatted(output("c1", "Say YYYY-MM."), made.path("id").asString()));
    assertThat(toldByTools()).containsExactly("Say YYYY-MM.");
  }

  @Test
  void anImageFromAToolIsSeen() {
    said.add(call("c1", "list_dir", "{}"));
    JsonNode made = created("'input':'go','tools':[" + FUNCTION + "]");
    String image =
        "{'type':'input_image','image_url':'data:image/png;base64,AAAA','detail':'original'}";
    JsonNode answered =
        created(
            "'input':[{'type':'function_call_output','call_id':'c1','output':[%s]}],'previous_response_id':'%s'"
                .formatted(image, made.path("id").asString()));
    assertThat(told().at("/2/role").asString()).isEqualTo("tool");
    assertThat(told().at("/3/role").asString()).isEqualTo("user");
    assertThat(told().at("/3/content/1/image_url/url").asString())
        .isEqualTo("data:image/png;base64,AAAA");
    created(
        "'input':'and now?','previous_response_id':'%s'".formatted(answered.path("id").asString()));
  }

  @Test
  void argumentsThatAreNoObjectGoBackAsOne() {
    said.add(call("c1", "list_dir", "{\\\"city\\\": \\\"Par"));
    JsonNode made = created("'input':'go','tools':[" + FUNCTION + "]");
    created(
        "'input':[%s],'previous_response_id':'%s'"
            .formatted(output("c1", "A"), made.path("id").asString()));
    object(told().at("/1/tool_calls/0/function/arguments").asString());
    for (String arguments : List.of("", " ", "[1]", "null", "{")) {
      created(
          ("'input':[{'role':'user','content':'go'},{'type':'function_call','call_id':'c1',"
                  + "'name':'list_dir','arguments':'%s'},%s]")
              .formatted(arguments, output("c1", "A")));
      object(told().at("/1/tool_calls/0/function/arguments").asString());
    }
  }

  private static void object(String arguments) {
    assertThat(Node.json(arguments).isObject()).as(arguments).isTrue();
  }

  @Test
  void hintsAreEchoedAndNeverRefused() {
    JsonNode made =
        created(
            "'input':'go','reasoning':{'summary':'detailed','effort':'max'},'service_tier':'fast',"
                + "'prompt_cache_retention':'24h'");
    assertThat(made.at("/reasoning/effort").asString()).isEqualTo("max");
    assertThat(made.at("/reasoning/summary").asString()).isEqualTo("detailed");
    assertThat(made.path("service_tier").asString()).isEqualTo("fast");
    assertThat(made.path("prompt_cache_retention").asString()).isEqualTo("24h");
    // This engine knows no more than high.
    assertThat(upstream.requests().getLast().body()).contains("\"reasoning_effort\":\"high\"");
  }

  @Test
  void strictIsSentOnlyWhereItWasGiven() {
    for (String strict : List.of("", ",'strict':null")) {
      JsonNode made =
          created("'input':'go','tools':[{'type':'function','name':'f'" + strict + "}]");
      assertThat(made.at("/tools/0/strict").asBoolean()).isTrue();
      assertThat(upstream.requests().getLast().body()).doesNotContain("strict");
    }
    created("'input':'go','tools':[{'type':'function','name':'f','strict':true}]");
    assertThat(upstream.requests().getLast().body()).contains("\"strict\":true");
  }

  @Test
  void aBackgroundResponseThatIsNotStoredCanBeFetched() {
    JsonNode made = created("'input':'go','background':true,'store':false");
    assertThat(made.path("status").asString()).isEqualTo("queued");
    assertThat(made.path("store").asBoolean(true)).isFalse();
    String path = "/responses/" + made.path("id").asString();
    Await.until("its end", () -> node.get(path).text("/status").equals("completed"));
    assertThat(node.get(path).text("/output_text")).isEqualTo("ok");
  }

  @Test
  void reasoningThatTheClientKeepsIsSealedAndReadBack() {
    said.add("'reasoning_content':'I think.','content':'ok'");
    JsonNode made = created("'input':'go','store':false,'include':['reasoning.encrypted_content']");
    JsonNode thought = made.at("/output/0");
    assertThat(thought.path("type").asString()).isEqualTo("reasoning");
    String sealed = thought.path("encrypted_content").asString();
    assertThat(sealed).isNotEmpty().doesNotContain("think");
    String back =
        "'input':[{'type':'reasoning','summary':[],'encrypted_content':'%s'},"
            + "{'role':'user','content':'on'}],'store':false";
    created(back.formatted(sealed));
    Answer changed = create(back.formatted(sealed.substring(0, sealed.length() - 3) + "AAA"));
    assertThat(changed.status()).isEqualTo(400);
    assertThat(changed.text("/error/param")).isEqualTo("input[0].encrypted_content");
    JsonNode unasked = created("'input':'go'");
    assertThat(unasked.toString()).doesNotContain("encrypted_content");
  }

  @Test
  void anItemOfAnUnknownKindIsTakenBackByTheIdThatItWasGivenHere() {
    String id = created("'input':'go'").path("id").asString();
    String item = "'input':[{'type':'telepathy','id':'%s','thought':'seven'}]";
    created(item.formatted(Ids.outputItem("item", id, 0)));
    assertThat(told().toString()).contains("seven");
    Answer refused = create(item.formatted("item_7"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/error/param")).isEqualTo("input[0].type");
    assertThat(refused.text("/error/message")).contains("'telepathy'");
  }

  @Test
  void inputItemsAreAsClientsReadThem() {
    JsonNode made = created("'input':'hello'");
    JsonNode item =
        node.get("/responses/" + made.path("id").asString() + "/input_items").json().at("/data/0");
    assertThat(item.path("status").asString()).isEqualTo("completed");
    assertThat(item.path("content"))
        .isEqualTo(Node.json("[{\"type\":\"input_text\",\"text\":\"hello\"}]"));
    made =
        created(
            "'input':[{'role':'assistant','content':'a'},{'role':'user','content':["
                + "{'type':'input_image','image_url':'data:image/png;base64,AAAA'}]}]");
    JsonNode items =
        node.get("/responses/" + made.path("id").asString() + "/input_items?order=asc")
            .json()
            .path("data");
    assertThat(items.at("/0/content/0/type").asString()).isEqualTo("output_text");
    assertThat(items.at("/1/content/0/detail").asString()).isEqualTo("auto");
  }
}
