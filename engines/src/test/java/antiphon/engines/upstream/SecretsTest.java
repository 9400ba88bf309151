package antiphon.engines.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of an engine's key can come back in its error messages. */
class SecretsTest {

  private static final String KEY = "k3y/With+signs&more~0123456789";
  private static final String HEADER = "header-value-0987";

  private final Secrets secrets =
      new Secrets(
          new UpstreamSettings(
              "e",
              "http://e/v1",
              KEY,
              null,
              Map.of("X-Extra", HEADER),
              null,
              1,
              Limits.DEFAULT,
              UpstreamSettings.USUAL_IDLE));

  @Test
  void asItIs() {
    assertThat(secrets.mask("no such key: " + KEY + "!")).isEqualTo("no such key: ***!");
    assertThat(secrets.mask("bad " + HEADER)).isEqualTo("bad ***");
  }

  @Test
  void percentEncoded() {
    String encoded = URLEncoder.encode(KEY, StandardCharsets.UTF_8);
    assertThat(secrets.mask("at ?key=" + encoded + "&x=1")).isEqualTo("at ?key=***&x=1");
    assertThat(secrets.mask("at ?key=" + encoded.replace("%2F", "%2f"))).isEqualTo("at ?key=***");
  }

  @Test
  void inBase64WhereverItBegins() {
    for (String before : List.of("", "B", "Be", "Bearer ", "user:")) {
      byte[] bytes = (before + KEY).getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder :
          List.of(
              Base64.getEncoder(), Base64.getUrlEncoder(), Base64.getEncoder().withoutPadding())) {
        String encoded = encoder.encodeToString(bytes);
        assertThat(secrets.mask("got \"" + encoded + "\"")).isEqualTo("got \"***\"");
        assertThat(secrets.mask("got xy" + encoded)).doesNotContain(encoded.substring(0, 20));
      }
    }
  }

  @Test
  void inTwoPieces() {
    String masked =
        secrets.mask("first '" + KEY.substring(0, 15) + "', then '" + KEY.substring(15) + "'");
    assertThat(masked).isEqualTo("first '***', then '***'");
  }

  @Test
  void whatIsNoSecretStays() {
    String text = "The model aGVsbG8gd29ybGQhIHRoaXMgaXMgZmluZQ== said with signs 0123 header-x";
    assertThat(secrets.mask(text)).isEqualTo(text);
  }
}
