package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import antiphon.testkit.upstream.Turns;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens counted by the engine's own tokenizer. */
@Timeout(60)
final class ChatTokensTest {

  private static final Script VLLM =
      (request, answer) -> {
        switch (request.path()) {
          case "/v1/models" ->
              answer.json(200, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"vllm\"}]}");
          case "/tokenize" ->
              answer.json(200, "{\"count\":17,\"max_model_len\":4096,\"tokens\":[1]}");
          default -> answer.json(404, "{}");
        }
      };

  private static final Script LLAMA_CPP =
      (request, answer) -> {
        switch (request.path()) {
          case "/v1/models" ->
              answer.json(200, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"llamacpp\"}]}");
          case "/apply-template" -> answer.json(200, "{\"prompt\":\"<user>hello\"}");
          case "/tokenize" -> answer.json(200, "{\"tokens\":[1,2,3]}");
          default -> answer.json(404, "{}");
        }
      };

  private static final Script STRANGER =
      (request, answer) -> {
        if (request.path().equals("/v1/models")) {
          answer.json(200, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"somebody\"}]}");
        } else {
          answer.json(404, "{\"error\":{\"message\":\"no such path\"}}");
        }
      };

  @Test
  void vllmIsKnownByItsModelsAndCountsMessages() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream(VLLM);
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      assertThat(engine.countInputTokens(Turns.hello())).contains(17);
      FakeUpstream.Request asked = upstream.requests().getLast();
      assertThat(asked.path()).isEqualTo("/tokenize");
      assertThat(asked.body()).contains("\"messages\"", "\"model\":\"m\"", "hello");
    }
  }

  @Test
  void llamaCppWritesThePromptFirst() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream(LLAMA_CPP);
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      assertThat(engine.countInputTokens(Turns.hello())).contains(3);
      assertThat(upstream.requests().getLast().body()).contains("<user>hello");
    }
  }

  @Test
  void anyOtherEngineIsNotAsked() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream(STRANGER);
        ChatCompletionsEngine engine = Chat.engine(upstream)) {
      assertThat(engine.countInputTokens(Turns.hello())).isEmpty();
      assertThat(upstream.requests())
          .extracting(FakeUpstream.Request::path)
          .containsOnly("/v1/models");
    }
  }

  @Test
  void aTokenizerThatFailsIsNone() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream(STRANGER)) {
      ChatSettings told =
          new ChatSettings(
              UpstreamSettings.at("test", upstream.url(), null).with(Limits.DEFAULT),
              ChatSettings.MaxTokens.MAX_TOKENS,
              false,
              ChatSettings.Thinking.TAGS,
              null,
              false,
              Tokenizer.VLLM,
              ChatSettings.WholeAnswers.NEVER,
              Map.of(),
              Dialect.USUAL);
      try (ChatCompletionsEngine engine = new ChatCompletionsEngine(told, InstantSource.system())) {
        assertThat(engine.countInputTokens(Turns.hello())).isEmpty();
      }
    }
  }
}
