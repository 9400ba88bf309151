package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.llamacpp.ChildState.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts that fail, and the pauses between them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SupervisorTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicInteger starts = new AtomicInteger();

  private final Supervisor supervisor =
      new Supervisor(
          new Supervisor.Starter() {
            @Override
            public LlamaModel model() {
              return LlamaModel.of(Path.of("a.gguf"));
            }

            @Override
            public Running start() throws Supervisor.StartFailed {
              throw new Supervisor.StartFailed("the file is broken " + starts.incrementAndGet());
            }
          },
          now::get);

  @Test
  void aFailureIsToldWithItsCauseAndPausesGrow() {
    assertThat(failure()).contains("'a'").contains("broken 1");
    assertThat(failure()).contains("broken 2");
    assertThat(failure()).as("within two seconds it is waited for").contains("broken 3");
    assertThat(failure()).as("it waits two seconds now").contains("broken 4");
    assertThat(failure()).as("and then four: too long").contains("broken 4");
    assertThat(starts).hasValue(4);
    now.updateAndGet(at -> at.plus(Duration.ofSeconds(4)));
    assertThat(failure()).contains("broken 5");
  }

  @Test
  void whoComesTooEarlyIsToldWhenToComeAgain() {
    for (int i = 0; i < 4; i++) {
      failure();
    }
    assertThatThrownBy(supervisor::acquire)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              Problem.Engine problem = (Problem.Engine) e.problem();
              assertThat(problem.kind()).isEqualTo(Problem.Engine.Kind.UNAVAILABLE);
              assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(4));
            });
  }

  @Test
  void aClosedOneStartsNothing() {
    supervisor.close();
    assertThat(failure()).contains("stopped");
    assertThat(starts).hasValue(0);
  }

  @Test
  void pausesHaveAnEnd() {
    assertThat(Pauses.after(1)).isZero();
    assertThat(Pauses.after(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(Pauses.after(5)).isEqualTo(Duration.ofSeconds(8));
    assertThat(Pauses.after(100)).isEqualTo(Duration.ofMinutes(1));
  }

  private String failure() {
    try {
      supervisor.acquire();
      throw new AssertionError("there is no child");
    } catch (EngineException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
