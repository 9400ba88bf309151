package antiphon.engines.embedded.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextAssemblerTest {

  private static final String TEXT = "Grüße, 世界! 🎉🎉 The end. STOPP and STOP here";

  @Test
  void aCharacterComesWhole() {
    TextAssembler text = new TextAssembler(List.of());
    byte[] party = "🎉".getBytes(StandardCharsets.UTF_8);

    assertThat(text.add(Arrays.copyOf(party, 3), null).text()).isEmpty();
    assertThat(text.add(Arrays.copyOfRange(party, 3, 4), null).text()).isEqualTo("🎉");
  }

  @Test
  void aCharacterThatIsNeverFinishedIsLeftOut() {
    TextAssembler text = new TextAssembler(List.of());

    assertThat(text.add(new byte[] {'a', (byte) 0xF0, (byte) 0x9F}, null).text()).isEqualTo("a");
    assertThat(text.finish().text()).isEmpty();
  }

  @Test
  void whatMayBeginAStopStringIsHeldBack() {
    TextAssembler text = new TextAssembler(List.of("END"));

    assertThat(text.add(bytes("the E"), null).text()).isEqualTo("the ");
    assertThat(text.add(bytes("N"), null).text()).isEmpty();
    assertThat(text.add(bytes("T"), null).text()).isEqualTo("ENT");
    assertThat(text.stopped()).isFalse();
  }

  @Test
  void aStopStringAcrossTokensEndsTheText() {
    TextAssembler text = new TextAssembler(List.of("END", "\n\n"));

    assertThat(text.add(bytes("so E"), null).text()).isEqualTo("so ");
    assertThat(text.add(bytes("ND more"), null).text()).isEmpty();
    assertThat(text.stopped()).isTrue();
    assertThat(text.finish().text()).isEmpty();
  }

  @Test
  void theEarliestOfSeveralStopStringsCounts() {
    TextAssembler text = new TextAssembler(List.of("later", "so"));

    assertThat(text.add(bytes("and so later"), null).text()).isEqualTo("and ");
  }

  @Test
  void logprobsComeWithTheTextTheyBelongTo() {
    TextAssembler text = new TextAssembler(List.of("END"));
    TokenLogprob one = new TokenLogprob(1, -1, List.of());
    TokenLogprob two = new TokenLogprob(2, -2, List.of());

    assertThat(text.add(bytes("E"), one).logprobs()).isEmpty();
    assertThat(text.add(bytes("x"), two).logprobs()).containsExactly(one, two);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void howATextIsCutIntoTokensMakesNoDifference(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] all = bytes(TEXT);
    for (int round = 0; round < 50; round++) {
      TextAssembler text = new TextAssembler(List.of("STOP ", "never"));
      List<String> pieces = new ArrayList<>();
      for (int from = 0; from < all.length && !text.stopped(); ) {
        int to = Math.min(all.length, from + 1 + random.nextInt(5));
        pieces.add(text.add(Arrays.copyOfRange(all, from, to), null).text());
        from = to;
      }
      pieces.add(text.finish().text());

      assertThat(String.join("", pieces))
          .as("seed %d round %d", seed, round)
          .isEqualTo(TEXT.substring(0, TEXT.indexOf("STOP ")));
      assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
