package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.Problem;
import antiphon.core.response.Transition;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A log told from its snapshot is one that could have been written: it makes the snapshot again.
 */
class LogReconstructionTest {

  private static final ItemStatus DONE = ItemStatus.COMPLETED;
  private static final ItemStatus HALF = ItemStatus.INCOMPLETE;

  static Stream<List<Item>> outputs() {
    OutputText sure =
        new OutputText("hm", List.of(new LogProb("hm", -0.5, List.of(104, 109), List.of())));
    return Stream.of(
        List.of(),
        List.of(message(DONE, OutputText.of("Grüße 🎵"))),
        List.of(message(DONE)),
        List.of(message(DONE, OutputText.of(""))),
        List.of(message(HALF, sure, new Refusal("no"))),
        List.of(thought(DONE, List.of("a", "b"), List.of("sum", "mary"))),
        List.of(thought(DONE, List.of(), List.of("sum"))),
        List.of(thought(DONE, List.of("a"), List.of()), message(HALF, OutputText.of("x"))),
        List.of(
            FunctionCall.of("fc_1", "call_1", "f", "{\"a\":1}", DONE),
            CustomToolCall.of("ctc_1", "call_2", "g", "free text", DONE),
            FunctionCall.of("fc_2", "call_3", "f", "", HALF)));
  }

  private static Message message(ItemStatus status, ContentPart... parts) {
    return Message.assistant("msg_1", List.of(parts), status);
  }

  private static Reasoning thought(ItemStatus status, List<String> raw, List<String> summary) {
    return Reasoning.of("rs_1", summary.stream().map(SummaryText::new).toList(), status)
        .withContent(raw.stream().map(ReasoningText::new).toList());
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void itMakesTheOutputAgain(List<Item> output) {
    Response ended = ended(output, new Transition.Complete());
    assertThat(LogReconstruction.possible(ended)).isTrue();

    ResponseState state = Logs.state();
    List<byte[]> told = LogReconstruction.of(Json.bytes(ended));
    for (int i = 0; i < told.size(); i++) {
      StreamEvent event = Json.readStored(told.get(i), StreamEvent.class);
      assertThat(event.sequenceNumber()).isEqualTo(i);
      state.apply(event);
    }
    assertThat(state.response().output()).isEqualTo(output);
  }

  @Test
  void itTellsWhatTheLogItselfWouldHaveSaid() {
    ResponseState written = Logs.state();
    List<String> log = new ArrayList<>();
    Response begun = written.response();
    for (NextEvent next : whatAModelSays(begun)) {
      StreamEvent event = next.numbered(written.nextSequence());
      written.apply(event);
      log.add(text(written.encode(event)));
    }
    for (NextEvent next : written.closing(0, DONE)) {
      StreamEvent event = next.numbered(written.nextSequence());
      log.add(text(written.encode(event)));
      written.apply(event);
    }
    ResponseState.Ended ended = written.ending(new Transition.Complete(), 5000, true);
    ended.events().forEach(event -> log.add(text(event)));

    assertThat(LogReconstruction.of(ended.snapshot()).stream().map(LogReconstructionTest::text))
        .isEqualTo(log);
    assertThat(written.ending(new Transition.Complete(), 5000, false).unwritten()).isTrue();
  }

  private static List<NextEvent> whatAModelSays(Response begun) {
    Message message = Message.assistant("msg_1", List.of(), ItemStatus.IN_PROGRESS);
    return List.of(
        seq -> new ResponseEvent.Created(seq, begun),
        seq -> new ResponseEvent.InProgress(seq, begun),
        seq -> new OutputItemEvent.Added(seq, 0, message),
        seq -> new ContentPartEvent.Added(seq, "msg_1", 0, 0, OutputText.of("")),
        seq -> new OutputTextEvent.Delta(seq, "msg_1", 0, 0, "hello", List.of()));
  }

  @Test
  void aFailureIsToldFromItsBeginning() {
    Response failed = ended(List.of(), new Transition.Fail(new Problem.Internal("Oh.")));
    List<String> told =
        LogReconstruction.of(Json.bytes(failed)).stream().map(LogReconstructionTest::text).toList();
    assertThat(told).hasSize(3);
    assertThat(told.getFirst()).contains("\"status\":\"in_progress\"").doesNotContain("Oh.");
    assertThat(told.getLast()).contains("response.failed", "Oh.");
  }

  @Test
  void whatAnItemDoesNotTellIsWrittenDown() {
    Item search =
        Json.readStored(
            bytes(
                "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\","
                    + "\"action\":{\"type\":\"search\",\"query\":\"x\"}}"),
            Item.class);
    Item cited =
        Json.readStored(
            bytes(
                "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\","
                    + "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\","
                    + "\"logprobs\":[],\"annotations\":[{\"type\":\"url_citation\",\"url\":"
                    + "\"https://example.org\",\"title\":\"t\",\"start_index\":0,\"end_index\":1}]}]}"),
            Item.class);
    for (Item item : List.of(search, cited)) {
      Response ended = ended(List.of(item), new Transition.Complete());
      assertThat(LogReconstruction.possible(ended)).isFalse();
      ResponseState state = Logs.state();
      state.apply(new OutputItemEvent.Added(0, 0, item));
      state.apply(new OutputItemEvent.Done(1, 0, item));
      assertThat(state.ending(new Transition.Complete(), 1000, false).unwritten()).isFalse();
    }
  }

  /** What becomes of a response with this output. */
  private static Response ended(List<Item> output, Transition transition) {
    ResponseState state = Logs.state();
    state.used(Usage.of(3, 4));
    for (int i = 0; i < output.size(); i++) {
      state.apply(new OutputItemEvent.Done(i, i, output.get(i)));
    }
    return Json.readStored(state.ending(transition, 5000, true).snapshot(), Response.class)
        .toBuilder()
        .output(output)
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(EncodedEvent event) {
    return text(event.json());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
