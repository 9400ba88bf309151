package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a hint says, it is taken and kept; only what is no hint at all is refused. */
class HintsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'reasoning':{'effort':'max','summary':'detailed'}",
        "'reasoning':{'effort':'ludicrous','summary':'haiku'}",
        "'reasoning':{'effort':'low','summary':null,'context':'all_turns'}",
        "'service_tier':'fast'",
        "'service_tier':'scale'",
        "'text':{'verbosity':'chatty'}",
        "'prompt_cache_retention':'24h'",
        "'prompt_cache_retention':'in_memory'",
        "'moderation':{'model':'m'}"
      })
  void isKeptAsItCame(String hint) {
    String json = ("{'model':'m'," + hint + "}").replace('\'', '"');
    CreateResponse request = Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
    assertThat(Json.text(request)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "original", "microscopic"})
  void anImageMayBeLookedAtInAnyDetail(String detail) {
    String json =
        "{\"type\":\"input_image\",\"detail\":\"%s\",\"image_url\":\"u\"}".formatted(detail);
    ContentPart part = Json.read(json.getBytes(StandardCharsets.UTF_8), ContentPart.class);
    assertThat(Json.text(part)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reasoning.effort|'reasoning':{'effort':3}",
        "reasoning.summary|'reasoning':{'summary':true}",
        "service_tier|'service_tier':{}",
        "text.verbosity|'text':{'verbosity':[]}"
      })
  void isAWord(String row) {
    String param = row.substring(0, row.indexOf('|'));
    String json = ("{'model':'m'," + row.substring(row.indexOf('|') + 1) + "}").replace('\'', '"');
    InvalidJson.Field refused =
        catchThrowableOfType(
            InvalidJson.Field.class,
            () -> Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class));
    assertThat(refused).as(json).isNotNull();
    assertThat(refused.param()).isEqualTo(param);
  }
}
