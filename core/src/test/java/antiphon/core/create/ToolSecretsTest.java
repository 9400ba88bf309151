package antiphon.core.create;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ToolSecretsTest {

  private static final Owner OWNER = new Owner("acme", "ann");

  private final ToolSecrets secrets = new ToolSecrets(ReasoningSeal.fleeting());

  private static CreateResponse request(String tool) {
    String json = "{\"model\":\"m\",\"tools\":[" + tool + ",{\"type\":\"sleep\"}]}";
    return Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
  }

  private static final CreateResponse FULL =
      request(
          "{\"type\":\"mcp\",\"server_label\":\"a\",\"authorization\":\"s3cr3t\",\"x\":1,"
              + "\"headers\":{\"K\":\"s3cr3t\"},\"server_url\":\"https://a.example/p?k=s3cr3t\"}");

  @Test
  void whatIsSealedIsOpenedForItsOwnerAlone() {
    CreateResponse sealed = secrets.sealed(OWNER, FULL);
    assertThat(Json.text(sealed)).doesNotContain("s3cr3t").contains("https://a.example/p\"");
    CreateResponse read = Json.readStored(Json.bytes(sealed), CreateResponse.class);
    assertThat(secrets.opened(OWNER, read)).isEqualTo(FULL);
    CreateResponse shown = ToolSecrets.without(FULL);
    assertThat(secrets.opened(Owner.account("acme"), read)).isEqualTo(shown);
    assertThat(new ToolSecrets(ReasoningSeal.fleeting()).opened(OWNER, read)).isEqualTo(shown);
    assertThat(ToolSecrets.without(sealed)).isEqualTo(shown);
  }

  @Test
  void whatHasNoSecretsStaysAsItIs() {
    CreateResponse plain =
        request("{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example/p\"}");
    assertThat(secrets.sealed(OWNER, plain)).isEqualTo(plain);
    assertThat(secrets.opened(OWNER, plain)).isEqualTo(plain);
    CreateResponse others = request("{\"type\":\"history\"}");
    assertThat(secrets.sealed(OWNER, others)).isSameAs(others);
  }

  @Test
  void aClientCannotHandInWhatIsSealed() {
    CreateResponse forged =
        request(
            "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example/p\","
                + "\"antiphon_sealed\":\"AAAA\"}");
    CreateResponse kept = secrets.sealed(OWNER, forged);
    assertThat(secrets.opened(OWNER, kept).tools()).isEqualTo(ToolSecrets.without(forged).tools());
  }
}
