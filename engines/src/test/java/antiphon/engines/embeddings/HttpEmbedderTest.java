package antiphon.engines.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
final class HttpEmbedderTest {

  private static HttpEmbedder embedder(FakeUpstream engine) {
    UpstreamSettings settings =
        UpstreamSettings.at("test", engine.url(), "key").with(Limits.DEFAULT.retrying(0));
    return new HttpEmbedder(settings, "e", InstantSource.system());
  }

  private static FakeUpstream answering(int status, String json) {
    return new FakeUpstream((_, answer) -> answer.json(status, json.replace('\'', '"')));
  }

  private static JsonNode input(FakeUpstream.Request request) {
    return Json.tree(request.body().getBytes(StandardCharsets.UTF_8)).path("input");
  }

  @Test
  void vectorsComeInTheOrderOfTheTextsAndOneLong() throws Exception {
    try (FakeUpstream engine =
            answering(
                200, "{'data':[{'index':1,'embedding':[0,2]},{'index':0,'embedding':[3,4]}]}");
        HttpEmbedder embedder = embedder(engine)) {
      List<float[]> vectors = embedder.embed(List.of("a", "b"));
      assertThat(vectors.get(0)).containsExactly(0.6f, 0.8f);
      assertThat(vectors.get(1)).containsExactly(0f, 1f);
      assertThat(embedder.dimensions()).isEqualTo(2);
      assertThat(embedder.model()).isEqualTo("e");
      assertThat(engine.requests()).hasSize(1);
      assertThat(engine.requests().getFirst().path()).isEqualTo("/v1/embeddings");
      assertThat(engine.requests().getFirst().headers()).containsValue("Bearer key");
      assertThat(input(engine.requests().getFirst()).size()).isEqualTo(2);
    }
  }

  @Test
  void base64IsReadToo() throws Exception {
    // The numbers 3 and -4 as little-endian floats.
    try (FakeUpstream engine = answering(200, "{'data':[{'embedding':'AABAQAAAgMA='}]}");
        HttpEmbedder embedder = embedder(engine)) {
      assertThat(embedder.embed(List.of("a")).getFirst()).containsExactly(0.6f, -0.8f);
    }
  }

  @Test
  void manyTextsGoInSeveralRequestsInTheirOrder() throws Exception {
    try (FakeUpstream engine =
            new FakeUpstream((request, answer) -> {
              List<String> vectors = new ArrayList<>();
              for (JsonNode text : input(request)) {
                vectors.add("{\"embedding\":[1," + text.asString().length() + "]}");
              }
              answer.json(200, "{\"data\":[" + String.join(",", vectors) + "]}");
            });
        HttpEmbedder embedder = embedder(engine)) {
      List<String> texts =
          IntStream.rangeClosed(1, HttpEmbedder.MOST_TEXTS * 2 + 1)
              .mapToObj("x"::repeat)
              .collect(Collectors.toCollection(ArrayList::new));
      texts.add("y".repeat(HttpEmbedder.MOST_CHARACTERS));
      texts.add("z");
      List<float[]> vectors = embedder.embed(texts);
      assertThat(vectors).hasSameSizeAs(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(Math.round(vectors.get(i)[1] / vectors.get(i)[0]))
            .isCloseTo(texts.get(i).length(), Percentage.withPercentage(1));
      }
      assertThat(engine.requests())
          .extracting(request -> input(request).size())
          .containsExactly(HttpEmbedder.MOST_TEXTS, HttpEmbedder.MOST_TEXTS, 1, 1, 1);
    }
  }

  @Test
  void noTextsAskNobody() throws Exception {
    try (FakeUpstream engine = answering(500, "{}");
        HttpEmbedder embedder = embedder(engine)) {
      assertThat(embedder.embed(List.of())).isEmpty();
      assertThat(engine.requests()).isEmpty();
    }
  }

  @Test
  void anEmptyTextIsRefusedBeforeAnyRequest() throws Exception {
    try (FakeUpstream engine = answering(200, "{}");
        HttpEmbedder embedder = embedder(engine)) {
      Problem problem = failure(embedder, List.of("a", ""));
      assertThat(problem).isInstanceOf(Problem.Invalid.class);
      assertThat(((Problem.Invalid) problem).param()).isEqualTo("input[1]");
      assertThat(engine.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'data':[]}",
        "{'data':{'embedding':[1]}}",
        "{'data':[{'embedding':[]}]}",
        "{'data':[{'embedding':[1,'b']}]}",
        "{'data':[{'embedding':[1e39]}]}",
        "{'data':[{'embedding':[1e400]}]}",
        "{'data':[{'embedding':[[1]]}]}",
        "{'data':[{'embedding':'AAA='}]}",
        "{'data':[{'embedding':'%'}]}",
        "{'data':[{'embedding':'AADAfw=='}]}",
        "{'data':[{'index':1,'embedding':[1]}]}",
        "{'data':[{'index':-1,'embedding':[1]}]}",
        "{'data':[{'embedding':[1]},{'embedding':[2]}]}",
        "{'data':[{'embedding':[1]}",
        "no json"
      })
  void nonsenseIsTheEnginesFault(String answer) throws Exception {
    try (FakeUpstream engine = answering(200, answer);
        HttpEmbedder embedder = embedder(engine)) {
      Problem problem = failure(embedder, List.of("a"));
      assertThat(problem).isInstanceOf(Problem.Engine.class);
      assertThat(((Problem.Engine) problem).kind()).isEqualTo(Problem.Engine.Kind.BROKEN);
    }
  }

  @Test
  void oneNumberTwiceIsTheEnginesFault() throws Exception {
    try (FakeUpstream engine =
            answering(200, "{'data':[{'index':0,'embedding':[1]},{'index':0,'embedding':[2]}]}");
        HttpEmbedder embedder = embedder(engine)) {
      assertThat(failure(embedder, List.of("a", "b"))).isInstanceOf(Problem.Engine.class);
    }
  }

  @Test
  void vectorsOfAnotherLengthThanBeforeAreRefused() throws Exception {
    try (FakeUpstream engine =
            new FakeUpstream(
                (_, answer) -> answer.json(200, "{\"data\":[{\"embedding\":[1,2]}]}"),
                (_, answer) -> answer.json(200, "{\"data\":[{\"embedding\":[1,2,3]}]}"));
        HttpEmbedder embedder = embedder(engine)) {
      var _ = embedder.embed(List.of("a"));
      assertThat(failure(embedder, List.of("a")).message()).contains("3 numbers instead of 2");
      assertThat(embedder.dimensions()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, RATE_LIMITED",
    "503, UNAVAILABLE",
    "500, UNAVAILABLE",
    "401, BROKEN",
    "504, TIMEOUT"
  })
  void aStatusIsWhatItIsForAnswersToo(int status, Problem.Engine.Kind kind) throws Exception {
    try (FakeUpstream engine = answering(status, "{'error':{'message':'no'}}");
        HttpEmbedder embedder = embedder(engine)) {
      assertThat(((Problem.Engine) failure(embedder, List.of("a"))).kind()).isEqualTo(kind);
    }
  }

  @Test
  void aTextThatTheModelCannotTakeIsTheRequestsFault() throws Exception {
    try (FakeUpstream engine =
            answering(400, "{'error':{'message':'input is not right','code':400}}");
        HttpEmbedder embedder = embedder(engine)) {
      assertThat(failure(embedder, List.of("a"))).isInstanceOf(Problem.Invalid.class);
    }
  }

  @Test
  void anInterruptClosesTheConnection() throws Exception {
    try (FakeUpstream engine = new FakeUpstream((_, answer) -> answer.hang());
        HttpEmbedder embedder = embedder(engine)) {
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  var _ = embedder.embed(Collections.nCopies(3, "a"));
                } catch (InterruptedException _) {
                  interrupted.set(true);
                } catch (EngineException e) {
                  throw new IllegalStateException(e);
                }
              });
      Await.until("it is asked", () -> engine.requests().size() == 1);
      caller.interrupt();
      caller.join();
      assertThat(interrupted).isTrue();
      Await.until("it is closed", () -> engine.gone() == 1);
    }
  }

  private static Problem failure(HttpEmbedder embedder, List<String> texts) {
    EngineException failed =
        catchThrowableOfType(EngineException.class, () -> embedder.embed(texts));
    if (failed == null) {
      throw new AssertionError("it did not fail");
    }
    return failed.problem();
  }
}
