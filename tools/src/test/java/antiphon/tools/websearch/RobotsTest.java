package antiphon.tools.websearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsTest {

  private static final String FILE =
      """
      # for everybody
      User-agent: *
      Disallow: /private
      Allow: /private/open
      Disallow: /*.pdf$
      Disallow: /a*b*c

      User-agent: other
      Disallow: /
      """;

  @ParameterizedTest
  @CsvSource({
    "/, true",
    "/private, false",
    "/privately, false",
    "/private/open/page, true",
    "/doc.pdf, false",
    "/doc.pdf?x=1, true",
    "/axxbyyczz, false",
    "/ab, true",
    "/A/private, true"
  })
  void theLongestRuleThatFitsDecides(String path, boolean allowed) {
    assertThat(Robots.read(FILE, "antiphon").allows(path)).isEqualTo(allowed);
  }

  @Test
  void aGroupThatNamesUsIsOursAlone() {
    String file = "User-agent: a\nUser-agent: Antiphon\nDisallow: /x\n\nUser-agent: *\nDisallow: /";
    assertThat(Robots.read(file, "antiphon").allows("/y")).isTrue();
    assertThat(Robots.read(file, "antiphon").allows("/x/y")).isFalse();
    assertThat(Robots.read(file, "somebody").allows("/y")).isFalse();
  }

  @Test
  void whatIsNoFileOfRulesForbidsNothing() {
    assertThat(Robots.read("<html>\nnothing: here\n\0\uffff", "antiphon").allows("/")).isTrue();
    assertThat(Robots.read("Disallow: /", "antiphon").allows("/")).isTrue();
    assertThat(Robots.read("User-agent: *\nDisallow:", "antiphon").allows("/")).isTrue();
  }

  @Test
  @Timeout(10)
  void manyStarsCostNothing() {
    String rule = "/" + "*a".repeat(2000) + "$";
    Robots robots = Robots.read("User-agent: *\nDisallow: " + rule, "antiphon");
    assertThatCode(() -> robots.allows("/" + "a".repeat(100_000) + "b")).doesNotThrowAnyException();
  }
}
