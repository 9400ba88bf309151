package antiphon.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No form of an address gives its password away. */
class RedactedTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cannot open postgresql://ann:pa55word@db/x",
        "cannot open jdbc:postgresql://db:5432/x?user=ann&password=pa55word",
        "jdbc:postgresql://db/x?sslpassword=pa55word&ssl=true failed",
        "redis://:pa55word@cache:6379/0 is no address",
        "rediss://ann:pa55word@cache",
        "redis-sentinel://pa55word@one,two/0#main",
        "Unknown option: '--storee=postgres://ann:pa55word@db/x'",
        "postgresql://ann:half/of#it?pa55word@db/x",
        "postgresql://ann:with@pa55word@db/x",
        "host=db PASSWORD=pa55word",
        "https://x.example/?api_key=pa55word",
      })
  void aPasswordIsMasked(String text) {
    assertThat(Redacted.of(text)).doesNotContain("pa55word").contains("***");
    assertThat(new StoreException(text)).hasMessageNotContaining("pa55word");
    assertThat(new StoreException(text, new IllegalStateException()))
        .hasMessageNotContaining("pa55word");
  }

  @Test
  void whatIsNoSecretStays() {
    String text = "cannot open postgresql://db.example.org:5432/antiphon?ssl=true: no route";
    assertThat(Redacted.of(text)).isEqualTo(text);
    assertThat(Redacted.of("postgresql://ann:x@db/y?password=z&ssl=true"))
        .isEqualTo("postgresql://***@db/y?password=***&ssl=true");
  }
}
