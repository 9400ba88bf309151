package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Transition;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.RunKey;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log that nobody reads while it is written, and one that somebody begins to read. */
class UnfollowedLogTest {

  private final FakeRow row = new FakeRow(true, 0);
  private final LiveLog log =
      new LiveLog(
          new LogSink.Stored(
              row.store(), new LocalSignals(), new RunKey(Logs.ID, 1), Delivery.AT_ITS_END),
          Logs.state());

  private void say(int index) throws InterruptedException {
    log.append(seq ->
        new OutputItemEvent.Added(
            seq, index, Message.assistant("msg_" + index, List.of(), ItemStatus.IN_PROGRESS)));
  }

  @Test
  void itIsNotWritten() throws InterruptedException {
    say(0);
    assertThat(log.snapshot()).isNotNull();
    assertThat(log.end(new Transition.Cancel())).isInstanceOf(Outcome.Ended.class);

    assertThat(row.log()).isEmpty();
    assertThat(log.read(-1, 10, Duration.ZERO)).isInstanceOf(LogRead.Elsewhere.class);
    assertThat(row.told().getLast()).contains("response.cancelled");
  }

  @Test
  void whoComesInTheMiddleGetsAllOfIt() throws InterruptedException {
    say(0);
    say(1);
    LogRead.Events begun = (LogRead.Events) log.read(-1, 10, Duration.ZERO);
    assertThat(begun.events()).hasSize(2);
    say(2);
    assertThat(((LogRead.Events) log.read(1, 10, Duration.ZERO)).events()).hasSize(1);
    log.end(new Transition.Cancel());

    LogRead.Events whole = (LogRead.Events) log.read(-1, 100, Duration.ZERO);
    assertThat(whole.last()).isTrue();
    assertThat(whole.events().stream().map(e -> new String(e.json(), StandardCharsets.UTF_8)))
        .isEqualTo(row.log())
        .startsWith(new String(begun.events().getFirst().json(), StandardCharsets.UTF_8));
  }
}
