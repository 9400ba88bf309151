package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a log may break off, and whether its message can go on from there. */
class HalfMessageTest {

  private static final String ID = "msg_1";

  private final ResponseState state = Logs.state();
  private final List<NextEvent> events =
      new ArrayList<>(
          List.of(
              seq ->
                  new OutputItemEvent.Added(
                      seq, 0, Message.assistant(ID, List.of(), ItemStatus.IN_PROGRESS)),
              seq -> new ContentPartEvent.Added(seq, ID, 0, 0, OutputText.of("")),
              delta("a"),
              delta("b"),
              seq -> new OutputTextEvent.Done(seq, ID, 0, 0, "ab", List.of()),
              seq -> new ContentPartEvent.Done(seq, ID, 0, 0, OutputText.of("ab"))));

  private static NextEvent delta(String text) {
    return seq -> new OutputTextEvent.Delta(seq, ID, 0, 0, text, List.of());
  }

  private void apply(int count) {
    for (NextEvent event : events.subList(0, count)) {
      state.apply(event.numbered(state.nextSequence()));
    }
  }

  @Test
  void noneBeforeThereIsAMessage() {
    assertThat(state.halfMessage()).isNull();
  }

  @Test
  void noneBeforeItsTextIsOpen() {
    apply(1);
    assertThat(state.halfMessage()).isNull();
  }

  @Test
  void fromItsFirstLetterOn() {
    apply(2);
    assertThat(state.halfMessage()).isEqualTo(new ResponseState.HalfMessage(0, ""));
    events.subList(0, 2).clear();
    apply(2);
    assertThat(state.halfMessage()).isEqualTo(new ResponseState.HalfMessage(0, "ab"));
  }

  @Test
  void noneAfterItsTextIsClosed() {
    apply(6);
    assertThat(state.halfMessage()).isNull();
  }

  @Test
  void noneInARefusal() {
    apply(1);
    StreamEvent refusal =
        new ContentPartEvent.Added(state.nextSequence(), ID, 0, 0, new Refusal(""));
    state.apply(refusal);
    assertThat(state.halfMessage()).isNull();
  }

  @Test
  void anEventThatDoesNotFitTakesNoNumber() throws InterruptedException {
    LiveLog log = Logs.unstored();
    log.append(events.get(0));
    assertThatThrownBy(() -> log.append(delta("nowhere"))).isInstanceOf(RuntimeException.class);
    log.append(events.get(1));
    LogRead.Events read = (LogRead.Events) log.read(-1, 10, Duration.ZERO);
    assertThat(new String(read.events().getLast().json(), StandardCharsets.UTF_8))
        .contains("\"sequence_number\":1,");
  }
}
