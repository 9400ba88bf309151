package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.TurnResult;
import antiphon.engines.chat.ChatSettings.WholeAnswers;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ChatCompletionsEngineTest {

  @Test
  void streamsTextAndUsage() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) ->
                answer.stream()
                    .raw(": keep alive\n\n")
                    .data(Chat.text("Hel"), Chat.text("lo"), Chat.STOP)
                    .data(
                        "{\"model\":\"served\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                            + "\"completion_tokens\":2}}",
                        "[DONE]"));
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      Heard heard = new Heard();
      TurnResult result = engine.generate(Turns.hello(), heard);
      assertThat(heard.text()).isEqualTo("Hello");
      assertThat(result)
          .isEqualTo(new TurnResult(TurnResult.Reason.STOP, Usage.of(7, 2), "served"));
      FakeUpstream.Request request = upstream.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/chat/completions");
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + Chat.KEY);
    }
  }

  @Test
  void anAnswerThatNobodyFollowsCanComeWhole() throws Exception {
    String whole =
        "{\"model\":\"served\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
            + "{\"content\":\"Hello\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";
    try (FakeUpstream upstream =
            new FakeUpstream(
                (request, answer) -> answer.json(200, whole),
                (request, answer) -> answer.stream().data(Chat.text("Hi"), Chat.STOP, "[DONE]"));
        ChatCompletionsEngine engine = engine(upstream, WholeAnswers.ALWAYS)) {
      Heard heard = new Heard();
      TurnResult result = engine.generate(Turns.hello(), heard);
      assertThat(heard.text()).isEqualTo("Hello");
      assertThat(result)
          .isEqualTo(new TurnResult(TurnResult.Reason.STOP, Usage.of(7, 2), "served"));
      engine.generate(Turns.of("{\"model\":\"m\",\"input\":\"x\",\"stream\":true}"), new Heard());
      engine.generate(
          Turns.of("{\"model\":\"m\",\"input\":\"x\",\"background\":true}"), new Heard());
      assertThat(upstream.requests())
          .extracting(request ->
              Json.tree(request.body().getBytes(StandardCharsets.UTF_8)).path("stream").asBoolean())
          .containsExactly(false, true, true);
    }
  }

  @Test
  void answersOfAQuickModelComeWholeOnceThatIsKnown() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) -> {
              if (Json.tree(request.body().getBytes(StandardCharsets.UTF_8))
                  .path("stream")
                  .asBoolean()) {
                answer.stream().data(Chat.text("Hi"), Chat.STOP, "[DONE]");
              } else {
                answer.json(
                    200,
                    "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"Hi\"}}]}");
              }
            });
        ChatCompletionsEngine never = engine(upstream, WholeAnswers.NEVER);
        ChatCompletionsEngine quick = engine(upstream, WholeAnswers.WHEN_QUICK)) {
      for (ChatCompletionsEngine engine : List.of(never, quick)) {
        for (int i = 0; i < 20; i++) {
          Heard heard = new Heard();
          engine.generate(Turns.hello(), heard);
          assertThat(heard.text()).isEqualTo("Hi");
        }
      }
      List<Boolean> streamed =
          upstream.requests().stream()
              .map(request ->
                  Json.tree(request.body().getBytes(StandardCharsets.UTF_8))
                      .path("stream")
                      .asBoolean())
              .toList();
      assertThat(streamed.subList(0, 36)).doesNotContain(false);
      assertThat(streamed.subList(36, 40)).doesNotContain(true);
    }
  }

  private static ChatCompletionsEngine engine(FakeUpstream upstream, WholeAnswers whole) {
    ChatSettings usual = ChatSettings.of(UpstreamSettings.at("test", upstream.url(), null));
    return new ChatCompletionsEngine(
        new ChatSettings(
            usual.upstream(),
            usual.maxTokens(),
            usual.developerRole(),
            usual.thinking(),
            usual.reasoningField(),
            usual.continuesMessages(),
            usual.tokenizer(),
            whole,
            usual.extraBody(),
            usual.dialect()),
        InstantSource.system());
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) ->
                answer
                    .chunked()
                    .chunk(Chat.text("a"))
                    .chunk(Chat.STOP)
                    .chunk("[DONE]")
                    .lastChunk());
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      engine.generate(Turns.hello(), new Heard());
      engine.generate(Turns.hello(), new Heard());
      assertThat(upstream.requests()).hasSize(2);
    }
  }

  @Test
  void takesAnAnswerThatIsNotStreamed() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) ->
                answer.json(
                    200,
                    "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"all\"},"
                        + "\"finish_reason\":\"length\"}]}"));
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      Heard heard = new Heard();
      assertThat(engine.generate(Turns.hello(), heard).reason())
          .isEqualTo(TurnResult.Reason.LENGTH);
      assertThat(heard.text()).isEqualTo("all");
    }
  }

  @Test
  void interruptionClosesTheConnectionDuringPrefill() throws Exception {
    interrupted((request, answer) -> answer.hang(), 0);
  }

  @Test
  void interruptionClosesTheConnectionAfterTheHead() throws Exception {
    interrupted((request, answer) -> answer.stream().hang(), 0);
  }

  @Test
  void interruptionClosesTheConnectionInMidStream() throws Exception {
    interrupted((request, answer) -> answer.chunked().chunk(Chat.text("a")).hang(), 1);
  }

  private static void interrupted(FakeUpstream.Script script, int pieces) throws Exception {
    try (FakeUpstream upstream = new FakeUpstream(script);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), Limits.DEFAULT)) {
      Heard heard = new Heard();
      AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  engine.generate(Turns.hello(), heard);
                } catch (Throwable e) {
                  thrown.set(e);
                }
              });
      Await.until("the request", () -> upstream.requests().size() == 1);
      Await.until("the pieces", () -> heard.pieces().size() == pieces);
      run.interrupt();
      assertThat(run.join(Duration.ofSeconds(5))).isTrue();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      Await.until("the connection is closed", () -> upstream.gone() == 1);
      assertThat(upstream.requests()).hasSize(1);
    }
  }
}
