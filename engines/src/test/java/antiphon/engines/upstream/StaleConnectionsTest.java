package antiphon.engines.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.core.engine.EngineException;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that an engine closes while they are idle. */
@Timeout(60)
final class StaleConnectionsTest {

  private static final Limits ONCE = Limits.DEFAULT.retrying(0);
  private static final Duration SHORT = Duration.ofMillis(150);

  @Test
  void afterABurstAndSilenceNoCallFails() throws Exception {
    int many = 12;
    CountDownLatch together = new CountDownLatch(many);
    Script script =
        (request, answer) -> {
          together.countDown();
          awaitAll(together);
          answer.json(200, "{}");
        };
    try (FakeUpstream fake = new FakeUpstream(SHORT, script);
        Upstream upstream = upstream(fake, Duration.ofSeconds(60));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        answers.add(callers.submit(() -> post(upstream)));
      }
      for (Future<byte[]> answer : answers) {
        assertThat(answer.get()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
      }
      Await.until("the engine has closed all", () -> fake.closedIdle() == many);
      for (int i = 0; i < 6; i++) {
        post(upstream);
      }
      assertThat(fake.requests()).hasSize(many + 6);
    }
  }

  @Test
  void anIdleConnectionIsClosedBeforeTheEngineWould() throws Exception {
    Script script = (request, answer) -> answer.json(200, "{}");
    try (FakeUpstream fake = new FakeUpstream(script);
        Upstream upstream = upstream(fake, SHORT)) {
      post(upstream);
      Await.until("it is closed from here", () -> fake.closedByClient() == 1);
    }
  }

  @Test
  void aFreshConnectionThatBreaksIsNotTriedAgain() throws Exception {
    try (FakeUpstream fake = new FakeUpstream((request, answer) -> answer.reset());
        Upstream upstream = upstream(fake, Duration.ofSeconds(60))) {
      assertThat(catchThrowableOfType(EngineException.class, () -> post(upstream)))
          .hasMessageContaining("closed the connection without an answer");
      assertThat(fake.requests()).hasSize(1);
    }
  }

  @Test
  void anEngineThatTakesEachRequestAndDiesIsNotAskedForEver() throws Exception {
    Script well = (request, answer) -> answer.json(200, "{}");
    Script dying = (request, answer) -> answer.reset();
    try (FakeUpstream fake = new FakeUpstream(well, dying);
        Upstream upstream = upstream(fake, Duration.ofSeconds(60))) {
      post(upstream);
      assertThat(catchThrowableOfType(EngineException.class, () -> post(upstream))).isNotNull();
      assertThat(fake.requests()).hasSize(3);
    }
  }

  private static byte[] post(Upstream upstream) throws EngineException, InterruptedException {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    return upstream.post("chat/completions", body, ONCE, Exchange::all);
  }

  private static void awaitAll(CountDownLatch together) {
    try {
      together.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Upstream upstream(FakeUpstream fake, Duration idle) {
    UpstreamSettings settings =
        UpstreamSettings.at("test", fake.url(), null).with(ONCE).keeping(idle);
    return new Upstream(settings, InstantSource.system());
  }
}
