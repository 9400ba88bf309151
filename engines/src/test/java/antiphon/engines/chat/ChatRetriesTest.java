package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.upstream.Limits;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses of an engine: which are tried again, and what they become. */
@Timeout(60)
final class ChatRetriesTest {

  private static final Script GOOD =
      (request, answer) -> answer.stream().data(Chat.text("fine"), Chat.STOP, "[DONE]");

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void triesAgain(int status) throws Exception {
    Script bad = (request, answer) -> answer.json(status, "{}");
    try (FakeUpstream upstream = new FakeUpstream(bad, bad, GOOD);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), Limits.DEFAULT)) {
      Heard heard = new Heard();
      engine.generate(Turns.hello(), heard);
      assertThat(heard.text()).isEqualTo("fine");
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  @Test
  void triesAgainWhenTheConnectionClosesWithoutAnswer() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((request, answer) -> answer.reset(), GOOD);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), Limits.DEFAULT)) {
      Heard heard = new Heard();
      engine.generate(Turns.hello(), heard);
      assertThat(heard.text()).isEqualTo("fine");
    }
  }

  @Test
  void waitsAsLongAsTheEngineAsks() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) -> answer.json(503, "{}", "Retry-After: 1"), GOOD);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), Limits.DEFAULT)) {
      long begin = System.nanoTime();
      engine.generate(Turns.hello(), new Heard());
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void leavesLongWaitsToTheClient() {
    Script busy =
        (request, answer) ->
            answer.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 3600");
    assertThat(failure(busy, Limits.DEFAULT, 1))
        .isEqualTo(
            new Problem.Engine(
                Kind.RATE_LIMITED,
                "The engine 'test' answered 429: slow down",
                Duration.ofHours(1)));
  }

  @Test
  void givesUpAfterSomeTries() {
    Script down = (request, answer) -> answer.status(503, "text/html", "<html>down</html>");
    assertThat(failure(down, Limits.DEFAULT, 3))
        .isEqualTo(new Problem.Engine(Kind.UNAVAILABLE, "The engine 'test' answered 503", null));
  }

  @Test
  void doesNotTryAgainAfterOutput() {
    Script cut = (request, answer) -> answer.chunked().chunk(Chat.text("one")).reset();
    assertThat(failure(cut, Limits.DEFAULT, 1)).isInstanceOf(Problem.Engine.class);
  }

  @Test
  void blamesTheRequestFor400() {
    Script bad = (request, answer) -> answer.json(400, "{\"error\":{\"message\":\"bad seed\"}}");
    assertThat(failure(bad, Limits.DEFAULT, 1))
        .isEqualTo(new Problem.Invalid("The engine 'test' answered 400: bad seed", null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens.\"}}",
        "{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}",
        "{\"object\":\"error\",\"message\":\"The prompt is longer than the maximum model length\"}",
        "{\"error\":{\"code\":400,\"message\":\"x\",\"type\":\"exceed_context_size_error\"}}"
      })
  void knowsAFullContext(String body) {
    assertThat(failure((request, answer) -> answer.json(400, body), Limits.DEFAULT, 1))
        .isInstanceOfSatisfying(
            Problem.Invalid.class,
            problem -> assertThat(problem.code()).isEqualTo("context_length_exceeded"));
  }

  @Test
  void tellsAnUnknownModelFromAWrongPath() {
    Script model =
        (request, answer) ->
            answer.json(404, "{\"error\":{\"message\":\"The model `m` does not exist.\"}}");
    assertThat(failure(model, Limits.DEFAULT, 1))
        .isInstanceOfSatisfying(
            Problem.Invalid.class,
            problem -> assertThat(problem.code()).isEqualTo("model_not_found"));
    Script path = (request, answer) -> answer.json(404, "{\"detail\":\"Not Found\"}");
    assertThat(failure(path, Limits.DEFAULT, 1)).isInstanceOf(Problem.Engine.class);
  }

  @Test
  void passesNoSecretsOn() {
    Script leaky =
        (request, answer) ->
            answer.json(
                401,
                "{\"error\":{\"message\":\"Incorrect key "
                    + Chat.KEY
                    + " in Authorization: Bearer abcdefgh and sk-proj-12345678 "
                    + "z".repeat(2000)
                    + "\"}}");
    Problem problem = failure(leaky, Limits.DEFAULT, 1);
    assertThat(problem.message())
        .contains("answered 401: Incorrect key ***")
        .doesNotContain(Chat.KEY)
        .doesNotContain("abcdefgh")
        .doesNotContain("12345678")
        .hasSizeLessThanOrEqualTo(500);
  }

  @Test
  void interruptionEndsTheWaitBetweenTries() throws Exception {
    Script busy = (request, answer) -> answer.json(503, "{}", "Retry-After: 15");
    try (FakeUpstream upstream = new FakeUpstream(busy);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), Limits.DEFAULT)) {
      AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  engine.generate(Turns.hello(), new Heard());
                } catch (Throwable e) {
                  thrown.set(e);
                }
              });
      Await.until("the request", () -> upstream.requests().size() == 1);
      run.interrupt();
      assertThat(run.join(Duration.ofSeconds(5))).isTrue();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }

  private static Problem failure(Script script, Limits limits, int requests) {
    try (FakeUpstream upstream = new FakeUpstream(script);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), limits)) {
      Problem problem = Chat.failure(engine, new Heard());
      assertThat(upstream.requests()).hasSize(requests);
      return problem;
    }
  }
}
