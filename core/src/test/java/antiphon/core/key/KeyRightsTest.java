package antiphon.core.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.response.ServiceTier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRightsTest {

  @Test
  void noScopesAllowEverything() {
    assertThat(KeyRights.ALL.allows(Scope.of("files.write"))).isTrue();
    assertThat(KeyRights.ALL.written()).isEmpty();
    assertThat(KeyRights.scopes("")).isEmpty();
  }

  @Test
  void toWriteIsToReadAndToReadIsNotToWrite() {
    KeyRights rights =
        new KeyRights(KeyRights.scopes("responses.write  files.read"), ServiceTier.PRIORITY);
    assertThat(rights.allows(Scope.of("responses.read"))).isTrue();
    assertThat(rights.allows(Scope.of("responses.write"))).isTrue();
    assertThat(rights.allows(Scope.of("files.read"))).isTrue();
    assertThat(rights.allows(Scope.of("files.write"))).isFalse();
    assertThat(rights.allows(Scope.of("vector_stores.read"))).isFalse();
    assertThat(rights.written()).isEqualTo("files.read responses.write");
    assertThat(KeyRights.scopes(rights.written())).isEqualTo(rights.scopes());
  }

  @Test
  void aScopeGivenTwiceIsOne() {
    assertThat(KeyRights.scopes("files.read files.read")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "responses", "responses.", "responses.delete", "FILES.READ", "x.read"})
  void whatIsNoScopeIsRefusedWithThoseThereAre(String text) {
    assertThatThrownBy(() -> Scope.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("vector_stores");
  }

  @Test
  void aPathNamesItsScope() {
    assertThat(Scope.ofPath("/responses/{response_id}/cancel", false))
        .isEqualTo(Scope.of("responses.write"));
    assertThat(Scope.ofPath("/models", true)).isEqualTo(Scope.of("models.read"));
  }
}
