package antiphon.tools.websearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainsTest {

  @ParameterizedTest
  @CsvSource({
    "https://example.com/x, true",
    "https://docs.EXAMPLE.com, true",
    "http://example.com:8080, true",
    "https://notexample.com, false",
    "https://example.com.evil.org, false",
    "https://evil.org/?example.com, false",
    "ftp://example.com, false",
    "example.com, false",
    "javascript:alert(1), false",
    "http://, false"
  })
  void aDomainIsItselfAndWhatIsBelowIt(String url, boolean allowed) {
    assertThat(Domains.allows(List.of("example.com"), url)).isEqualTo(allowed);
  }

  @Test
  void noDomainsAllowAllPages() {
    assertThat(Domains.allows(List.of(), "https://any.org")).isTrue();
    assertThat(Domains.allows(List.of(), "file:///etc/passwd")).isFalse();
  }

  @Test
  void domainsAreReadAsPeopleWriteThem() {
    assertThat(Domains.read(" HTTPS://Docs.Example.com/ ")).isEqualTo("docs.example.com");
    assertThat(Domains.read("example.com")).isEqualTo("example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "example.com/path", "exa mple.com", "-", "a:80", "*.com"})
  void whatIsNoDomainIsNone(String text) {
    assertThat(Domains.read(text)).isNull();
  }
}
