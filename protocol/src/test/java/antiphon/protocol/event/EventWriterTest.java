package antiphon.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.content.OutputText;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.Reasoning;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.TextConfig;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.response.Truncation;
import antiphon.protocol.response.Usage;
import antiphon.protocol.response.Verbosity;
import antiphon.protocol.tool.ToolChoice;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class EventWriterTest {

  private static Response response(ResponseStatus status) {
    return Response.builder()
        .id("resp_1")
        .createdAt(1_793_500_000L)
        .status(status)
        .metadata(Map.of("k", "v"))
        .model("auto")
        .output(
            List.of(
                Message.assistant("msg_1", List.of(OutputText.of("\"ü\n")), ItemStatus.COMPLETED)))
        .text(new TextConfig(new TextFormat.Text(), Verbosity.MEDIUM))
        .toolChoice(ToolChoice.Mode.AUTO)
        .tools(List.of())
        .truncation(Truncation.AUTO)
        .usage(Usage.ZERO)
        .serviceTier(AskedTier.AUTO)
        .reasoning(new Reasoning(null, null))
        .build();
  }

  /** Whoever compares what two nodes sent compares bytes. */
  @Test
  void writesWhatTheMapperWrites() {
    EventWriter writer = new EventWriter();
    for (long number : LongStream.of(0, 1, 9_999_999_999L).toArray()) {
      for (ResponseStatus status : ResponseStatus.values()) {
        Response response = response(status);
        for (StreamEvent event :
            List.of(
                new ResponseEvent.Created(number, response),
                new ResponseEvent.Queued(number, response),
                new ResponseEvent.InProgress(number, response),
                new ResponseEvent.Completed(number, response),
                new ResponseEvent.Failed(number, response),
                new ResponseEvent.Incomplete(number, response),
                new ResponseEvent.Cancelled(number, response),
                new RefusalEvent.Delta(number, "msg_1", 0, 0, "no"))) {
          assertThat(writer.bytes(event)).isEqualTo(Json.bytes(event));
        }
        assertThat(writer.bytes(response)).isEqualTo(Json.bytes(response));
      }
    }
  }

  @Test
  void writesAnotherResponseAnew() {
    EventWriter writer = new EventWriter();
    byte[] first = writer.bytes(response(ResponseStatus.QUEUED));
    byte[] second = writer.bytes(response(ResponseStatus.CANCELLED));
    assertThat(first).isNotEqualTo(second);
  }
}
