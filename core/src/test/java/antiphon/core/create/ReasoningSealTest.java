package antiphon.core.create;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal.Thought;
import antiphon.core.response.Owner;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Sealed reasoning is opened by its owner alone, and by nobody once it was changed. */
class ReasoningSealTest {

  private static final Owner OWNER = new Owner("t", "u");

  private final ReasoningSeal seal =
      new ReasoningSeal("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
  private final Thought thought = new Thought("Hm.", "up", "rs_1", "opaque");

  @Test
  void isReadBack() {
    String sealed = seal.seal(OWNER, thought);
    assertThat(ReasoningSeal.isSealed(sealed)).isTrue();
    assertThat(sealed).doesNotContain("opaque");
    assertThat(
            new ReasoningSeal("0123456789abcdef".getBytes(StandardCharsets.UTF_8))
                .open(OWNER, sealed))
        .contains(thought);
    assertThat(seal.seal(OWNER, thought)).isNotEqualTo(sealed);
  }

  @Test
  void isNobodyElses() {
    String sealed = seal.seal(OWNER, thought);
    assertThat(seal.open(Owner.account("t"), sealed)).isEmpty();
    assertThat(seal.open(new Owner("t2", "u"), sealed)).isEmpty();
    assertThat(ReasoningSeal.fleeting().open(OWNER, sealed)).isEmpty();
  }

  @Test
  void isNothingOnceItWasChanged() {
    String sealed = seal.seal(OWNER, thought);
    for (int i = "antiphon1.".length(); i < sealed.length() - 1; i += 7) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThat(seal.open(OWNER, changed)).isEmpty();
    }
    assertThat(seal.open(OWNER, "antiphon1.")).isEmpty();
    assertThat(seal.open(OWNER, "antiphon1.!")).isEmpty();
  }
}
