package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine.Refusal;
import antiphon.testkit.upstream.Turns;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What has no counterpart is named, never dropped. */
final class ChatRefusalsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prefill_think | 'prefill_think':true",
        "use_cache | 'use_cache':false",
        "extra_body.stream | 'extra_body':{'stream':false}",
        "extra_body.messages | 'extra_body':{'a':1,'messages':[]}",
        "input | 'input':[{'role':'user','content':[{'type':'input_image','file_id':'file_1'}]}]",
        "input | 'input':[{'type':'function_call_output','call_id':'c',"
            + "'output':[{'type':'input_image','file_id':'f'}]}]",
        "tool_choice | 'tool_choice':{'type':'mcp','server_label':'s'}",
        "instructions | 'instructions':[{'role':'user','content':[{'type':'input_file',"
            + "'file_id':'f'}]}]"
      })
  void names(String param, String field) {
    String json = "{'model':'m'," + field.strip() + "}";
    Optional<Refusal> refusal = new ChatRefusals("local").of(Turns.of(json.replace('\'', '"')));
    assertThat(refusal).isPresent();
    assertThat(refusal.get().param()).isEqualTo(param.strip());
    assertThat(refusal.get().message()).contains("'" + param.strip() + "'").contains("'local'");
  }
}
