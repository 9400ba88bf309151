package antiphon.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.history.Observation.Call;
import antiphon.server.history.Observation.Keyed;
import antiphon.server.history.Observation.Missing;
import antiphon.server.history.Observation.Saw;
import antiphon.server.history.Observation.Streamed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of lie, and nothing in a history without one. */
class CheckerTest {

  private static final String RUNNING = body("in_progress", "w0 ");
  private static final String CANCELLED = body("cancelled", "w0 w1 ");
  private static final String COMPLETED = body("completed", "w0 w1 w2 ");
  private static final List<String> LOG =
      List.of(
          "{\"sequence_number\":0}",
          "{\"sequence_number\":1}",
          "{\"sequence_number\":2,\"response\":" + CANCELLED + "}");
  private static final Final END = new Final("r", 3, List.of(CANCELLED, CANCELLED), LOG);

  private static String body(String status, String text) {
    return "{\"id\":\"r\",\"status\":\""
        + status
        + "\",\"background\":true,\"output_text\":\""
        + text
        + "\"}";
  }

  private static Saw saw(Call call, long start, long end, String body) {
    return new Saw("r", call, start, end, body);
  }

  private static List<String> check(Final end, Observation... history) {
    return Checker.check(List.of(history), List.of(end));
  }

  @Test
  void nothingInAHistoryWithoutALie() {
    assertThat(
            check(
                END,
                new Keyed("r", "k"),
                new Keyed("r", "k"),
                saw(Call.GET, 1, 2, RUNNING),
                saw(Call.CANCEL, 3, 5, CANCELLED),
                saw(Call.GET, 4, 6, RUNNING),
                saw(Call.GET, 7, 8, CANCELLED),
                new Streamed("r", -1, LOG),
                new Streamed("r", 0, LOG.subList(1, 2))))
        .isEmpty();
  }

  @Test
  void twoEnds() {
    assertThat(check(END, saw(Call.GET, 1, 2, COMPLETED)))
        .anyMatch(violation -> violation.contains("ended twice"));
  }

  @Test
  void runningAgainAfterTheCancelWasAnswered() {
    assertThat(check(END, saw(Call.CANCEL, 1, 2, CANCELLED), saw(Call.GET, 3, 4, RUNNING)))
        .anyMatch(violation -> violation.contains("went back"));
  }

  @Test
  void textThatWasTakenBack() {
    assertThat(
            check(END, saw(Call.GET, 1, 2, RUNNING), saw(Call.GET, 3, 4, body("in_progress", "w"))))
        .anyMatch(violation -> violation.contains("went back"));
  }

  @Test
  void anAnswerThatIsNoEnd() {
    assertThat(check(END, saw(Call.CANCEL, 1, 2, RUNNING)))
        .anyMatch(violation -> violation.contains("before the end"));
  }

  @Test
  void oneThatIsNotThere() {
    assertThat(check(END, new Missing("r", 1)))
        .anyMatch(violation -> violation.contains("not found"));
  }

  @Test
  void nodesThatDisagree() {
    assertThat(check(new Final("r", 3, List.of(CANCELLED, COMPLETED), LOG)))
        .anyMatch(violation -> violation.contains("disagree"));
  }

  @Test
  void oneThatNeverEnds() {
    assertThat(check(new Final("r", 3, List.of(RUNNING), LOG)))
        .anyMatch(violation -> violation.contains("never ended"));
  }

  @Test
  void wordsThatCameTwiceOrWereLost() {
    for (String text : List.of("w0 w0 w1 w2 ", "w0 w2 ", "w0 w1 ")) {
      assertThat(check(new Final("r", 3, List.of(body("completed", text)), LOG)))
          .anyMatch(violation -> violation.contains("text is wrong"));
    }
  }

  @Test
  void aGapInTheLog() {
    List<String> log = List.of(LOG.get(0), LOG.get(2));
    assertThat(check(new Final("r", 3, List.of(CANCELLED), log)))
        .anyMatch(violation -> violation.contains("another number"));
  }

  @Test
  void aStreamWithAGapOrADouble() {
    for (List<String> events :
        List.of(
            List.of(LOG.get(0), LOG.get(2)),
            List.of(LOG.get(0), LOG.get(0)),
            List.of(LOG.get(2), "{\"sequence_number\":3}"))) {
      assertThat(check(END, new Streamed("r", -1, events)))
          .anyMatch(violation -> violation.contains("stream differs"));
    }
  }

  @Test
  void oneKeyForTwo() {
    assertThat(check(END, new Keyed("r", "k"), new Keyed("s", "k")))
        .anyMatch(violation -> violation.contains("two responses"));
  }
}
