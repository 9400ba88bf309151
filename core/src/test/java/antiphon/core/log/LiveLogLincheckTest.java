package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.Transition;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import java.util.List;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A log that is appended to and ended by several threads at once behaves as if they had come one
 * after the other. The same check finds the mistake in a log that is not sealed before its end.
 */
class LiveLogLincheckTest {

  private static ModelCheckingOptions options(int scenarios) {
    // With operations before the threads start, a seeded mistake like the one below was missed.
    return new ModelCheckingOptions()
        .actorsBefore(0)
        .actorsAfter(0)
        .threads(3)
        .actorsPerThread(2)
        .iterations(scenarios)
        .invocationsPerIteration(150);
  }

  /**
   * What is made ready under the checker's eyes, classes and the mapper's knowledge of them, takes
   * so many steps that it sees a hang.
   */
  @BeforeAll
  static void makeReady() {
    List<Function<Sealed, String>> ends = List.of(Sealed::cancel, Sealed::complete);
    for (int i = 0; i < 8; i++) {
      Sealed log = new Sealed();
      for (int event = 0; event < i / 2; event++) {
        assertThat(log.append()).isTrue();
      }
      assertThat(ends.get(i % 2).apply(log)).isNotEqualTo("lost");
      assertThat(log.append()).isFalse();
    }
  }

  @Test
  void oneEndAndNothingBehindIt() {
    options(4).check(Sealed.class);
  }

  @Test
  void aLogThatIsNotSealedIsFound() {
    assertThatThrownBy(() -> options(20).check(Unsealed.class)).isInstanceOf(AssertionError.class);
  }

  /** The log as it is. */
  public static class Sealed {
    private final LiveLog log = Logs.unstored();

    /** Says whether it could. */
    @Operation
    public boolean append() {
      try {
        log.append(LiveLogLincheckTest::event);
        return true;
      } catch (InterruptedException _) {
        return false;
      }
    }

    /** Says how it ended. */
    @Operation
    public String cancel() {
      return ended(log.end(new Transition.Cancel()));
    }

    /** Says how it ended. */
    @Operation
    public String complete() {
      return ended(log.end(new Transition.Complete()));
    }

    private static String ended(Outcome outcome) {
      return outcome instanceof Outcome.Ended ended ? ended.status().name() : "lost";
    }
  }

  /** A log whose end looks first and acts then, as one is easily written. */
  public static class Unsealed {
    private volatile String end = "";

    /** Says whether it could. */
    @Operation
    public boolean append() {
      return end.isEmpty();
    }

    /** Says how it ended. */
    @Operation
    public String cancel() {
      return end("CANCELLED");
    }

    /** Says how it ended. */
    @Operation
    public String complete() {
      return end("COMPLETED");
    }

    private String end(String how) {
      if (end.isEmpty()) {
        end = how;
        return how;
      }
      return end;
    }
  }

  private static StreamEvent event(long number) {
    int index = Math.toIntExact(number);
    Message message = Message.assistant("msg_" + number, List.of(), ItemStatus.IN_PROGRESS);
    return new OutputItemEvent.Added(number, index, message);
  }
}
