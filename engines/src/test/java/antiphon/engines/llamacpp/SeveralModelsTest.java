package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.TurnResult;
import antiphon.engines.llamacpp.ChildState.Idle;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several models, each a real child. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SeveralModelsTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  @Test
  void theSecondIsStartedWhenAskedForAndEndedWhenIdle() throws Exception {
    try (LlamaCppEngine engine = engine(2, Duration.ofSeconds(2))) {
      Running one = RealChild.running(engine, "one");
      assertThat(engine.state("two")).isInstanceOf(Idle.class);

      assertThat(answer(engine, "two").reason()).isEqualTo(TurnResult.Reason.LENGTH);
      assertThat(one.child().alive()).isTrue();
      RealChild.await(() -> engine.state("two") instanceof Idle);
      assertThat(RealChild.running(engine, "one").child())
          .as("the first one stays")
          .isSameAs(one.child());
      assertThat(engine.models()).extracting(model -> model.id()).containsExactly("one", "two");
    }
  }

  @Test
  void anIdleOneMakesRoomWhereOneAloneMayRun() throws Exception {
    try (LlamaCppEngine engine = engine(1, LONG)) {
      Running one = RealChild.running(engine, "one");
      var _ = answer(engine, "two");
      Running two = RealChild.running(engine, "two");
      assertThat(one.child().alive()).isFalse();
      assertThat(engine.state("one")).isInstanceOf(Idle.class);

      var _ = answer(engine, "one");
      assertThat(two.child().alive()).isFalse();
      assertThat(engine.state("two")).isInstanceOf(Idle.class);
    }
  }

  @Test
  void argumentsArePassedOn() throws Exception {
    try (LlamaCppEngine engine = engine(model("one", Map.of("n_predict", "3")))) {
      TurnResult result =
          engine.generate(
              Turns.of("{\"model\":\"one\",\"input\":\"Tell me a story.\",\"temperature\":0}"),
              new Heard());
      assertThat(result.reason()).isEqualTo(TurnResult.Reason.LENGTH);
      assertThat(result.usage().outputTokens()).isEqualTo(3);
    }
  }

  @Test
  void anArgumentThatThereIsNotIsAMessage() throws Exception {
    try (LlamaCppEngine engine = engine(model("one", Map.of("no_such_thing", "3")))) {
      assertThatThrownBy(() -> answer(engine, "one"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no parameter no_such_thing");
    }
  }

  private static TurnResult answer(LlamaCppEngine engine, String model) throws Exception {
    String json =
        "{\"model\":\"%s\",\"input\":\"Hi.\",\"max_output_tokens\":2,\"temperature\":0}"
            .formatted(model);
    return engine.generate(Turns.of(json), new Heard());
  }

  private LlamaCppEngine engine(int mostRunning, Duration idle) throws Exception {
    LlamaCppSettings settings =
        LlamaCppSettings.of(
                "llama.cpp", List.of(model("one", Map.of()), model("two", Map.of())), folder)
            .holding(mostRunning, idle);
    return new LlamaCppEngine(settings, RealChild.program(), InstantSource.system());
  }

  private LlamaCppEngine engine(LlamaModel model) throws Exception {
    LlamaCppSettings settings = LlamaCppSettings.of("llama.cpp", List.of(model), folder);
    return new LlamaCppEngine(settings, RealChild.program(), InstantSource.system());
  }

  private static LlamaModel model(String id, Map<String, String> args) throws Exception {
    return new LlamaModel(
        id, RealChild.model(), null, 1, LlamaModel.usualThreads(), null, 8, null, null, args);
  }
}
