package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from an address, and what of it may be shown. */
class PostgresUrlTest {

  @Test
  void theParametersGoToTheDriverAndAreNotShown() {
    PostgresUrl url =
        PostgresUrl.parse("postgresql://db:5433/x?user=ann&password=a%26b+c&ssl=true");
    assertThat(url.parameters())
        .containsEntry("user", "ann")
        .containsEntry("password", "a&b+c")
        .containsEntry("ssl", "true");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db:5433/x");
    assertThat(url.toString()).doesNotContain("a&b").doesNotContain("a%26b");
    assertThat(Pools.properties(url)).containsEntry("password", "a&b+c");
  }

  @Test
  void theLoginBeforeTheHost() {
    PostgresUrl url = PostgresUrl.parse("postgres://ann:p%40ss%2Fw@one:1,two:2/x");
    assertThat(url.parameters()).containsEntry("user", "ann").containsEntry("password", "p@ss/w");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://one:1,two:2/x");
    assertThat(PostgresUrl.parse("postgresql://[::1]:5432/x").jdbc())
        .isEqualTo("jdbc:postgresql://[::1]:5432/x");
  }

  @Test
  void whatTheAddressSaysGoesBeforeOurOwn() {
    PostgresUrl url = PostgresUrl.parse("postgresql://db/x?socketTimeout=7");
    assertThat(Pools.properties(url)).containsEntry("socketTimeout", "7");
  }

  /** Half of such a password would be taken for a host, a path or a parameter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:pa55/word@db/x",
        "postgresql://ann:pa55#word@db/x",
        "postgresql://ann:pa55?word@db/x",
        "postgresql://ann:pa55%word@db/x",
        "postgresql://ann:pa55 word@db/x",
        "postgresql://ann:12/pa55@db/x",
        "mysql://ann:pa55@db/x",
        "pa55",
      })
  void aPasswordThatWasNotEncodedIsRefusedAndNotTold(String text) {
    assertThatThrownBy(() -> PostgresUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("pa55")
        .hasMessageContaining("PostgreSQL address");
  }
}
