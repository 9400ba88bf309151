package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Items by which a client changes what the model can do or how it answers, with an engine that has
 * no such items: tools that are brought along, updates of the configuration, words between agents.
 */
class BroughtToolsTest extends ChatFixture {

  private static final String BROUGHT =
      "{'type':'additional_tools','role':'developer','tools':["
          + "{'type':'namespace','name':'functions','tools':[{'type':'custom','name':'exec'}]},"
          + "{'type':'function','name':'list_dir','parameters':{'type':'object'}}]}";
  private static final String GO = "{'role':'user','content':'go'}";

  @Test
  void toolsThatAnItemBringsAreOffered() {
    said.add(call("c1", "functions__exec", "{\\\"input\\\":\\\"ls\\\"}"));
    JsonNode made = created("'input':[" + BROUGHT + "," + GO + "]");
    assertThat(offered()).containsExactly("functions__exec", "list_dir");
    assertThat(sent().path("messages").toString()).doesNotContain("additional_tools");
    JsonNode call = made.at("/output/0");
    assertThat(call.path("type").asString()).isEqualTo("custom_tool_call");
    assertThat(call.path("name").asString()).isEqualTo("exec");
    assertThat(call.path("namespace").asString()).isEqualTo("functions");
    assertThat(call.path("input").asString()).isEqualTo("ls");
    assertThat(made.path("tools")).as("no field of the request").isEmpty();

    created(
        ("'input':[{'type':'custom_tool_call_output','call_id':'c1','output':'a b'}],"
                + "'previous_response_id':'%s'")
            .formatted(made.path("id").asString()));
    assertThat(offered()).as("in what follows, too").hasSize(2);
    assertThat(sent().at("/messages/2/content").asString()).isEqualTo("a b");
  }

  @Test
  void theyStandBesideTheRequestsOwnAndMayBeChosen() {
    created(
        "'input':["
            + BROUGHT
            + ","
            + GO
            + "],'tools':[{'type':'function','name':'list_dir'},{'type':'function','name':'own'}],"
            + "'tool_choice':{'type':'function','name':'list_dir'}");
    assertThat(offered()).containsExactly("list_dir", "own", "functions__exec");
    assertThat(sent().at("/tool_choice/function/name").asString()).isEqualTo("list_dir");
    created("'input':[" + BROUGHT + "," + GO + "],'tool_choice':'required'");
    assertThat(sent().path("tool_choice").asString()).isEqualTo("required");
  }

  @Test
  void whatNobodyRunsIsToldAndWhatIsNoToolIsRefused() {
    String search =
        "{'type':'additional_tools','role':'developer','tools':[{'type':'web_search'},"
            + "{'type':'function','name':'f'}]}";
    Answer answer = create("'input':[" + search + "," + GO + "]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-antiphon-left-out")).contains("web_search");
    assertThat(offered()).containsExactly("f");
    for (String tools : List.of("5", "'none'", "[{'type':'function'}]", "[7]", "null")) {
      Answer refused =
          create("'input':[{'type':'additional_tools','tools':" + tools + "}," + GO + "]");
      assertThat(refused.status()).as(tools).isEqualTo(400);
      assertThat(refused.text("/error/param")).as(tools).startsWith("input[0].tools");
    }
    assertThat(create("'input':[{'type':'additional_tools','tools':[]}," + GO + "]").status())
        .isEqualTo(200);
  }

  @Test
  void secretsAreNotKeptInItems() {
    String mcp = "'type':'mcp','server_label':'s','server_url':'https://mcp.example/x";
    for (String secret :
        List.of(mcp + "','authorization':'a-1'", mcp + "','headers':{'k':'v'}", mcp + "?key=1'")) {
      Answer refused =
          create("'input':[{'type':'additional_tools','tools':[{" + secret + "}]}," + GO + "]");
      assertThat(refused.status()).as(secret).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("input[0].tools[0]");
    }
    Answer plain =
        create("'input':[{'type':'additional_tools','tools':[{" + mcp + "'}]}," + GO + "]");
    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.header("x-antiphon-left-out")).contains("mcp");
  }

  @Test
  void anUpdateOfTheConfigurationHolds() {
    JsonNode made =
        created(
            "'input':[{'type':'configuration_update','reasoning':{'effort':'low'}},"
                + GO
                + "],'reasoning':{'effort':'high'}");
    assertThat(sent().path("reasoning_effort").asString()).isEqualTo("low");
    created(
        ("'input':[{'type':'configuration_update','text':{'format':{'type':'json_schema',"
                + "'name':'n','schema':{'type':'object'}}}},"
                + GO
                + "],'previous_response_id':'%s'")
            .formatted(made.path("id").asString()));
    assertThat(sent().path("reasoning_effort").asString()).isEqualTo("low");
    assertThat(sent().at("/response_format/json_schema/name").asString()).isEqualTo("n");
    assertThat(sent().path("messages").toString()).doesNotContain("configuration_update");
  }

  @Test
  void whatAServersSearchHasFoundIsOffered() {
    created(
        "'input':["
            + GO
            + ",{'type':'tool_search_call','execution':'server','call_id':null,'status':'completed',"
            + "'arguments':{'paths':['crm']}},{'type':'tool_search_output','execution':'server',"
            + "'call_id':null,'status':'completed','tools':[{'type':'function','name':'f',"
            + "'defer_loading':true,'parameters':{'type':'object'}}]},{'role':'user','content':'on'}]");
    assertThat(offered()).containsExactly("f");
    assertThat(sent().path("messages")).hasSize(2);
  }

  @Test
  void agentsHearEachOther() {
    created(
        "'input':[{'type':'agent_message','author':'/root','recipient':'/root/w','content':["
            + "{'type':'input_text','text':'NEW_TASK'},"
            + "{'type':'encrypted_content','encrypted_content':'Count to 3.'}]}]");
    assertThat(sent().at("/messages/0/role").asString()).isEqualTo("user");
    assertThat(sent().at("/messages/0/content").asString())
        .isEqualTo("Message from /root to /root/w:\nNEW_TASK\nCount to 3.");
    created("'input':[{'type':'agent_message','content':null}," + GO + "]");
    created(
        "'input':[{'type':'context_compaction','encrypted_content':'gAAA'},"
            + "{'type':'agent_reasoning','text':'hm'},"
            + GO
            + "]");
    assertThat(sent().path("messages")).hasSize(2);
    assertThat(sent().at("/messages/0/content").asString()).contains("compacted");
  }

  @Test
  void aCompactionKeepsThem() {
    String update = "{'type':'configuration_update','reasoning':{'effort':'low'}}";
    Answer compacted =
        node.post(
            "/responses/compact",
            ("{'model':'m','input':[" + BROUGHT + "," + update + "," + GO + "]}")
                .replace('\'', '"'));
    assertThat(compacted.status()).as(compacted.body()).isEqualTo(200);
    assertThat(sent().toString()).as("no word of the summary").doesNotContain("list_dir");
    Answer answer =
        node.post(
            "/responses", "{\"model\":\"m\",\"input\":" + compacted.json().path("output") + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(offered()).containsExactly("functions__exec", "list_dir");
    assertThat(sent().path("reasoning_effort").asString()).isEqualTo("low");
  }

  private List<String> offered() {
    return sent()
        .path("tools")
        .valueStream()
        .map(tool -> tool.at("/function/name").asString())
        .toList();
  }
}
