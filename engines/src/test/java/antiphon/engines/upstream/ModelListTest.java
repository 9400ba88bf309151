package antiphon.engines.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.EngineModel;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ModelListTest {

  private final AtomicLong now = new AtomicLong(1_700_000_000_000L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());

  @Test
  void readsWhatTheEngineTells() {
    try (FakeUpstream engine =
            new FakeUpstream((request, answer) ->
                answer.json(
                    200,
                    "{\"data\":[{\"id\":\"a\",\"created\":5,\"owned_by\":\"vllm\","
                        + "\"max_model_len\":4096},{\"id\":\"b\",\"meta\":"
                        + "{\"n_ctx_train\":2048}},{\"object\":\"nonsense\"}]}"));
        Upstream upstream = upstream(engine)) {
      ModelList models = new ModelList(upstream, clock);
      Await.until("the models", () -> !models.now().isEmpty());
      assertThat(models.now())
          .containsExactly(
              new EngineModel("a", 5, "vllm", 4096), new EngineModel("b", 0, "test", 2048));
      assertThat(engine.requests().getFirst().path()).isEqualTo("/v1/models");
    }
  }

  @Test
  void asksAgainAfterHalfAMinuteWithoutWaiting() {
    try (FakeUpstream engine =
            new FakeUpstream(
                (request, answer) -> answer.json(200, "{\"data\":[{\"id\":\"a\"}]}"),
                (request, answer) -> answer.json(200, "{\"data\":[{\"id\":\"b\"}]}"),
                (request, answer) -> answer.json(500, "{}"),
                (request, answer) -> answer.hang());
        Upstream upstream = upstream(engine)) {
      ModelList models = new ModelList(upstream, clock);
      Await.until("the first list", () -> names(models).equals(List.of("a")));
      now.addAndGet(29_000);
      assertThat(names(models)).containsExactly("a");
      assertThat(engine.requests()).hasSize(1);
      now.addAndGet(1_001);
      Await.until("the new list", () -> names(models).equals(List.of("b")));
      now.addAndGet(30_001);
      Await.until("the failure", () -> names(models).size() == 1 && engine.requests().size() == 3);
      Await.until(
          "the hanging question",
          () -> {
            now.addAndGet(30_001);
            return names(models).equals(List.of("b")) && engine.requests().size() == 4;
          });
      long begin = System.nanoTime();
      now.addAndGet(30_001);
      assertThat(names(models)).containsExactly("b");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void aHangingEngineDelaysNobodyForLong() {
    try (FakeUpstream engine = new FakeUpstream((request, answer) -> answer.hang());
        Upstream upstream = upstream(engine)) {
      assertThat(new ModelList(upstream, clock).now()).isEmpty();
    }
  }

  @Test
  void settingsWin() {
    UpstreamSettings settings =
        UpstreamSettings.at("test", "http://127.0.0.1:1/v1", null).serving(List.of("x"));
    try (Upstream upstream = new Upstream(settings, clock)) {
      ModelList models = new ModelList(upstream, clock);
      assertThat(models.configured()).isTrue();
      assertThat(names(models)).containsExactly("x");
    }
  }

  private Upstream upstream(FakeUpstream engine) {
    return new Upstream(UpstreamSettings.at("test", engine.url(), null), clock);
  }

  private static List<String> names(ModelList models) {
    return models.now().stream().map(EngineModel::id).toList();
  }
}
