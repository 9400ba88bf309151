package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine is sent nowhere but to http, https and data addresses. */
class AddressesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input[0].content[1].image_url |"
            + " {'role':'user','content':[{'type':'input_text','text':'x'},"
            + "{'type':'input_image','image_url':'URL'}]}",
        "input[0].content[0].file_url  |"
            + " {'role':'user','content':[{'type':'input_file','file_url':'URL'}]}",
        "input[0].output[0].image_url  | {'type':'function_call_output','call_id':'c','output':"
            + "[{'type':'input_image','image_url':'URL'}]}",
        "input[0].output[0].image_url  | {'type':'custom_tool_call_output','call_id':'c','output':"
            + "[{'type':'input_image','image_url':'URL'}]}",
        "input[0].output.image_url     | {'type':'computer_call_output','call_id':'c','output':"
            + "{'type':'computer_screenshot','image_url':'URL'}}",
      })
  void othersAreRefusedNamingTheField(String param, String item) {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("x")))) {
      for (String url :
          new String[] {
            "file:///etc/passwd", "FILE:/etc/passwd", "ftp://h/x", "/etc/passwd", " file:///x"
          }) {
        Answer answer = node.post("/responses", body(item, url));
        assertThat(answer.status()).as(url).isEqualTo(400);
        assertThat(answer.text("/error/param")).isEqualTo(param);
      }
    }
  }

  private static String body(String item, String url) {
    return "{\"model\":\"auto\",\"input\":[" + item.replace("URL", url).replace('\'', '"') + "]}";
  }
}
