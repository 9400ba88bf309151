package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.UnknownPart;
import antiphon.protocol.error.ErrorBody;
import antiphon.protocol.event.ErrorEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.event.UnknownEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Items;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.response.Deleted;
import antiphon.protocol.response.ListPage;
import antiphon.protocol.response.Model;
import antiphon.protocol.response.ModelList;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.UnknownTool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are absent, null or unknown, and kinds that are unknown. */
class FieldsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'message','status':'completed','role':'user','content':'hi','x':[1,{'y':null}]}",
        "{'type':'message','role':'user','content':[{'type':'input_text','text':'a','x':true}]}",
        "{'type':'message','role':'user','content':['plain',{'type':'input_text','text':'a'}]}",
        "{'type':'function_call','call_id':'c','name':'f','arguments':'{}','caller':{'a':1}}",
        "{'type':'function_call_output','call_id':'c','output':'text'}",
        "{'type':'function_call_output','call_id':'c','output':[{'type':'input_text','text':'a'}]}",
        "{'type':'custom_tool_call_output','call_id':'c','output':[]}",
        "{'type':'shell_call','call_id':'c','action':{'commands':['ls']},'status':'completed'}",
        "{'type':'shell_call_output','call_id':'c','output':[{'stdout':'','stderr':''}]}",
        "{'type':'shell_call_output','call_id':'c','output':{'stdout':''}}",
        "{'type':'image_generation_call','status':'generating','result':null}",
        "{'type':'compaction','encrypted_content':'e'}",
        "{'type':'code_interpreter_call','code':null,'container_id':'c','outputs':null,"
            + "'status':'completed'}",
        "{'type':'web_search_call','action':{'type':'search','query':'q'},'status':'completed'}",
        "{'id':'ref','type':'item_reference','x':null}",
      })
  void itemsComeBackCharByChar(String json) {
    assertThat(Json.text(Json.read(utf8(json), Item.class))).isEqualTo(quoted(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'file_search'}",
        "{'type':'code_interpreter'}",
        "{'type':'computer_use_preview'}",
        "{'type':'image_generation'}",
        "{'type':'web_search_preview'}",
        "{'type':'web_search_preview_2025_03_11','search_context_size':'low'}",
        "{'type':'web_search_2025_08_26'}",
        "{'type':'mcp','server_label':'s','require_approval':'never','tunnel_id':7}",
        "{'type':'custom','name':'c','format':{'type':'grammar','definition':'d','syntax':'lark'}}",
      })
  void toolsComeBackCharByChar(String json) {
    assertThat(Json.text(Json.read(utf8(json), Tool.class))).isEqualTo(quoted(json));
  }

  @Test
  void anUnknownItemIsKept() {
    String json = "{'type':'telepathy','id':'t_1','status':'done','thought':{'a':[null]}}";
    Item kept = Items.lenient(Json.tree(utf8(json)));
    assertThat(Json.read(utf8(json), Item.class)).isEqualTo(kept);
    assertThat(kept).isInstanceOf(UnknownItem.class);
    assertThat(kept.id()).isEqualTo("t_1");
    assertThat(Json.text(kept.withId("t_2"))).isEqualTo(quoted(json).replace("t_1", "t_2"));
    assertThat(Items.list(utf8("[" + json + "]"))).containsExactly(kept);
  }

  @Test
  void anUnknownToolIsKept() {
    String json = "{'type':'telepathy','range':{'km':[null]}}";
    Tool kept = Json.read(utf8(json), Tool.class);
    assertThat(kept).isInstanceOf(UnknownTool.class);
    assertThat(Json.text(kept)).isEqualTo(quoted(json));
  }

  @Test
  void anUnknownItemIsStillAnObjectWithAType() {
    for (String json : List.of("[]", "7", "{}", "{'type':null}", "null")) {
      assertThatThrownBy(() -> Items.lenient(Json.tree(utf8(json))))
          .as(json)
          .isInstanceOf(InvalidJson.Field.class);
    }
  }

  @Test
  void anUnknownPartAndEventAreKeptToo() {
    String message =
        "{'type':'message','role':'assistant','content':[{'type':'smell','of':'roses'}]}";
    Item item = Json.readStored(utf8(message), Item.class);
    assertThat(item)
        .isInstanceOfSatisfying(
            Message.class,
            read ->
                assertThat(((MessageContent.Parts) read.content()).parts())
                    .hasOnlyElementsOfType(UnknownPart.class));
    assertThat(Json.text(item)).isEqualTo(quoted(message));
    String event = "{'type':'response.audio.delta','sequence_number':3,'delta':'x'}";
    StreamEvent read = Json.readStored(utf8(event), StreamEvent.class);
    assertThat(read).isInstanceOf(UnknownEvent.class);
    assertThat(read.sequenceNumber()).isEqualTo(3);
    assertThat(Json.text(read)).isEqualTo(quoted(event));
    assertThatThrownBy(() -> Json.read(utf8(event), StreamEvent.class))
        .isInstanceOf(InvalidJson.Field.class)
        .hasMessageContaining("response.audio.delta");
    assertThatThrownBy(() -> Json.read(utf8(message), Item.class))
        .isInstanceOf(InvalidJson.Field.class)
        .hasMessageContaining("smell");
  }

  @Test
  void aSummaryOfAnotherKindIsRefusedFromAClientAndTakenForItsTextFromAnEngine() {
    String json = "{'id':'rs_1','type':'reasoning','summary':[{'type':'text','text':'a','x':1}]}";
    assertThatThrownBy(() -> Json.read(utf8(json), Item.class))
        .isInstanceOf(InvalidJson.Field.class)
        .hasMessageContaining("'summary[0].type'");
    assertThat(Json.text(Json.readStored(utf8(json), Item.class)))
        .isEqualTo(quoted(json).replace("\"text\",", "\"summary_text\","));
    String textless = json.replace(",'text':'a'", "");
    assertThatThrownBy(() -> Json.readStored(utf8(textless), Item.class))
        .isInstanceOf(InvalidJson.Field.class);
  }

  @Test
  void eventsHaveTheOtherClientsListsAlways() {
    assertThat(Json.text(new OutputTextEvent.Delta(1, "msg_1", 0, 0, "a", List.of())))
        .isEqualTo(
            quoted(
                "{'type':'response.output_text.delta','sequence_number':1,'item_id':'msg_1',"
                    + "'output_index':0,'content_index':0,'delta':'a','logprobs':[]}"));
    assertThat(Json.text(OutputText.of("a")))
        .isEqualTo(quoted("{'type':'output_text','text':'a','annotations':[],'logprobs':[]}"));
  }

  @Test
  void anEventHasItsNumberUnlessAnEngineLeftItOut() {
    byte[] json = utf8("{'type':'error','code':'c','message':'m'}");
    assertThatThrownBy(() -> Json.read(json, StreamEvent.class))
        .hasMessage("Missing required parameter: 'sequence_number'.");
    assertThat(Json.readStored(json, StreamEvent.class).sequenceNumber()).isZero();
  }

  @Test
  void theErrorEventIsFlat() {
    assertThat(Json.text(new ErrorEvent(9, "server_error", "It broke.", null)))
        .startsWith(
            quoted(
                "{'type':'error','sequence_number':9,'code':'server_error',"
                    + "'message':'It broke.'"));
  }

  @Test
  void anErrorBodyHasAllFourKeys() {
    assertThat(Json.text(ErrorBody.of("No.", "invalid_request_error", null, null)))
        .isEqualTo(
            quoted(
                "{'error':{'message':'No.','type':'invalid_request_error','param':null,"
                    + "'code':null}}"));
  }

  @Test
  void onlyAnEndIsTerminal() {
    assertThat(new ErrorEvent(9, "server_error", "It broke.", null).isTerminal()).isTrue();
    OutputTextEvent.Delta delta = new OutputTextEvent.Delta(1, "msg_1", 0, 0, "a", List.of());
    assertThat(delta.isTerminal()).isFalse();
    assertThat(Json.text(delta)).doesNotContain("terminal");
  }

  @Test
  void listsAndDeletesSayWhatTheyAre() {
    assertThat(Json.text(new ListPage<>(List.of(), false, "", "")))
        .isEqualTo(
            quoted("{'object':'list','data':[],'has_more':false,'first_id':'','last_id':''}"));
    assertThat(Json.text(new Deleted("resp_1", true)))
        .isEqualTo(quoted("{'id':'resp_1','object':'response','deleted':true}"));
  }

  /** The names are those that MKA1's client for {@code llm.models} requires. */
  @Test
  void aModelHasEveryKeyThatClientsRequire() {
    Model model =
        Model.text("m", 7, "me", 8192, new Model.Capabilities(true, true, false, false, true));
    var json = Json.tree(Json.bytes(new ModelList(List.of(model))));
    assertThat(json.path("object").asString()).isEqualTo("list");
    assertThat(json.path("data").get(0).propertyNames())
        .startsWith("id", "object", "created", "owned_by")
        .containsExactlyInAnyOrder(
            "id",
            "object",
            "created",
            "owned_by",
            "model_type",
            "input_modalities",
            "output_modalities",
            "context_window",
            "max_image_resolution",
            "min_image_resolution",
            "embedding_dimension_range",
            "parameter_count",
            "active_parameter_count",
            "release_date",
            "serving_locations",
            "developer",
            "base_model",
            "weights",
            "license",
            "languages",
            "tts",
            "limitations",
            "lifecycle",
            "capabilities");
    assertThat(json.path("data").get(0).path("lifecycle").propertyNames())
        .containsExactlyInAnyOrder("status", "deprecated_at", "retires_at", "successor");
    assertThat(json.path("data").get(0).path("capabilities").propertyNames()).hasSize(5);
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  private static byte[] utf8(String json) {
    return quoted(json).getBytes(StandardCharsets.UTF_8);
  }
}
