package antiphon.engines.embedded.decode;

import static antiphon.engines.embedded.TestModel.longText;
import static antiphon.engines.embedded.TestModel.question;
import static antiphon.engines.embedded.decode.Runs.finish;
import static antiphon.engines.embedded.decode.Runs.greedy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.engines.embedded.TestModel;
import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.engines.embedded.llama.Tokens;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class DecoderTest {

  private static final int CONTEXT = 1024;

  private final LlamaModel model = TestModel.model();
  private Decoder decoder = open(1);

  private Decoder open(int slots) {
    try {
      return new Decoder(model, new DecoderSettings(slots, CONTEXT, 1, 1, 128));
    } catch (LlamaException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void fresh() {
    decoder.close();
    decoder = open(2);
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  @Test
  void aTextComesPieceByPiece() throws Exception {
    Generation generation = decoder.start(greedy(question("Say hello."), 12));
    Runs.Result result = finish(generation);

    assertThat(result.text()).isNotBlank();
    assertThat(result.pieces()).hasSizeGreaterThan(3);
    assertThat(result.end())
        .isEqualTo(new GenerationEvent.Ended(GenerationEvent.Reason.MAX_TOKENS));
    assertThat(generation.drawnTokens()).isEqualTo(12);
  }

  @Test
  void theSamePromptIsNotReadTwiceAndGivesTheSame() throws Exception {
    Tokens prompt = question("What is the sea?");
    Generation first = decoder.start(greedy(prompt, 16));
    Runs.Result one = finish(first);
    Generation second = decoder.start(greedy(prompt, 16));
    Runs.Result two = finish(second);

    assertThat(first.cachedTokens()).isZero();
    assertThat(second.cachedTokens()).isEqualTo(prompt.size() - 2);
    assertThat(two.text()).isEqualTo(one.text());
  }

  @Test
  void aConversationThatGoesOnReusesWhatItHasRead() throws Exception {
    Tokens prompt = question("What is the sea?");
    GenerationRequest request =
        new GenerationRequest(prompt, Sampling.random(1, 3), List.of(), 8, false, null);
    Runs.Result answer = finish(decoder.start(request));
    Tokens longer =
        Tokens.concat(List.of(prompt, model.tokenize(answer.text()), question("And then?")));
    GenerationRequest next =
        new GenerationRequest(longer, Sampling.random(1, 3), List.of(), 2, false, null);
    Generation going = decoder.start(next);
    finish(going);

    assertThat(going.cachedTokens()).isGreaterThanOrEqualTo(prompt.size());
  }

  @Test
  void aSeedDecidesTheText() throws Exception {
    Tokens prompt = question("Tell me a story.");
    List<String> texts = new java.util.ArrayList<>();
    for (long seed : new long[] {1, 2, 1}) {
      texts.add(
          finish(
                  decoder.start(
                      new GenerationRequest(
                          prompt, Sampling.random(1, seed), List.of(), 16, true, null)))
              .text());
    }

    assertThat(texts.get(2)).isEqualTo(texts.get(0));
    assertThat(texts.get(1)).isNotEqualTo(texts.get(0));
  }

  @Test
  void aStopStringEndsTheTextBeforeIt() throws Exception {
    Tokens prompt = question("Say hello.");
    String whole = finish(decoder.start(greedy(prompt, 24))).text();
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 5);
    GenerationRequest request =
        new GenerationRequest(prompt, Sampling.greedy(), List.of(stop), 24, true, null);
    Generation generation = decoder.start(request);
    Runs.Result stopped = finish(generation);

    assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(stopped.end())
        .isEqualTo(new GenerationEvent.Ended(GenerationEvent.Reason.STOP_STRING));
    assertThat(generation.drawnTokens()).isLessThan(24);
  }

  @Test
  void aFullContextEndsTheText() throws Exception {
    try (Decoder small = new Decoder(model, new DecoderSettings(1, 64, 1, 1, 32))) {
      Generation generation = small.start(greedy(longText(60), 100));
      Runs.Result result = finish(generation);

      assertThat(result.end())
          .isEqualTo(new GenerationEvent.Ended(GenerationEvent.Reason.CONTEXT_FULL));
      assertThat(generation.drawnTokens()).isEqualTo(4);
    }
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithNumbers() {
    assertThatThrownBy(() -> decoder.start(greedy(longText(CONTEXT), 1)))
        .isInstanceOfSatisfying(
            PromptTooLongException.class,
            e -> {
              assertThat(e.promptTokens()).isEqualTo(CONTEXT);
              assertThat(e.contextLength()).isEqualTo(CONTEXT);
            });
    assertThat(decoder.load().active()).isZero();
  }

  @Test
  void placesAreGivenInTheOrderOfComing() throws Exception {
    Generation one = decoder.start(greedy(question("One"), 400));
    Generation two = decoder.start(greedy(question("Two"), 400));
    Generation waits = decoder.start(greedy(question("Three"), 2));
    Generation waitsLonger = decoder.start(greedy(question("Four"), 2));
    Generation givesUp = decoder.start(greedy(question("Five"), 2));
    assertThat(decoder.load()).isEqualTo(new Decoder.Load(3, 2, 0));

    givesUp.cancel();
    assertThat(givesUp.next()).isEqualTo(new GenerationEvent.Cancelled());
    assertThat(decoder.load()).isEqualTo(new Decoder.Load(2, 2, 1));

    one.cancel();
    assertThat(finish(waits).end()).isInstanceOf(GenerationEvent.Ended.class);
    assertThat(finish(waitsLonger).end()).isInstanceOf(GenerationEvent.Ended.class);
    two.cancel();
    assertThat(decoder.load()).isEqualTo(new Decoder.Load(0, 0, 3));
  }

  @Test
  void aClosedDecoderEndsAllAndRefusesMore() throws Exception {
    Generation running = decoder.start(greedy(longText(900), 100));
    decoder.close();

    assertThat(finish(running).end()).isInstanceOf(GenerationEvent.Failed.class);
    assertThatThrownBy(() -> decoder.start(greedy(question("More?"), 1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
