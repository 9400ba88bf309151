package antiphon.core.log;

import antiphon.core.create.Template;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** Logs for tests. */
final class Logs {

  static final ResponseId ID =
      new ResponseId(Owner.account("tests"), "resp_0000000000000000000000000");

  private Logs() {}

  /** A log that nobody else can end. */
  static LiveLog unstored() {
    return new LiveLog(
        new LogSink.Unstored(ID, Delivery.STREAMED, InstantSource.system()), state());
  }

  /** A running response without output. */
  static ResponseState state() {
    CreateResponse request =
        Json.read(
            "{\"model\":\"m\",\"input\":\"x\"}".getBytes(StandardCharsets.UTF_8),
            CreateResponse.class);
    return new ResponseState(ID, Template.of(ID.value(), 0, "m", request, Map.of()), 0);
  }
}
