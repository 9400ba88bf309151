package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.event.UnknownEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.schema.Contract.Kind;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every kind of the contract is read, and written again as it was. */
class RoundTripTest {

  private static final int RANDOM = 15;

  static Stream<Kind> items() {
    return Contract.kinds("items");
  }

  static Stream<Kind> requestTools() {
    return Contract.kinds("tools_request");
  }

  static Stream<Kind> responseTools() {
    return Contract.kinds("tools_response");
  }

  /** Those that carry a response have a test of their own: a response has more required fields. */
  static Stream<Kind> events() {
    return Contract.kinds("events").filter(kind -> !carriesResponse(kind));
  }

  private static boolean carriesResponse(Kind kind) {
    return Contract.definition(kind.model()).path("properties").has("response");
  }

  @Test
  void theContractHasAllKinds() {
    assertThat(items().map(Kind::model)).hasSize(24);
    assertThat(requestTools().map(Kind::model)).hasSize(15);
    assertThat(Contract.kinds("events").map(Kind::type)).hasSize(70).doesNotHaveDuplicates();
    assertThat(Contract.kinds("events").filter(RoundTripTest::carriesResponse)).hasSize(7);
  }

  @ParameterizedTest
  @MethodSource
  void items(Kind kind) {
    roundTrips(kind, Item.class);
  }

  @ParameterizedTest
  @MethodSource
  void requestTools(Kind kind) {
    roundTrips(kind, Tool.class);
  }

  @ParameterizedTest
  @MethodSource
  void responseTools(Kind kind) {
    roundTrips(kind, Tool.class);
  }

  @ParameterizedTest
  @MethodSource
  void events(Kind kind) {
    for (StreamEvent event : roundTrips(kind, StreamEvent.class)) {
      assertThat(event).isNotInstanceOf(UnknownEvent.class);
      assertThat(event.type()).isEqualTo(kind.type());
      assertThat(Json.text(event))
          .startsWith(
              "{\"type\":\"%s\",\"sequence_number\":%d"
                  .formatted(kind.type(), event.sequenceNumber()));
    }
  }

  private static <T> List<T> roundTrips(Kind kind, Class<T> type) {
    List<T> values = new ArrayList<>();
    values.add(roundTrip(kind, type, new Instances(0, Fill.FULL)));
    values.add(roundTrip(kind, type, new Instances(0, Fill.MINIMAL)));
    for (long seed = 1; seed <= RANDOM; seed++) {
      values.add(roundTrip(kind, type, new Instances(seed, Fill.SOME)));
      values.add(roundTrip(kind, type, new Instances(seed, Fill.FULL)));
    }
    return values;
  }

  private static <T> T roundTrip(Kind kind, Class<T> type, Instances instances) {
    JsonNode original = instances.of(kind.model());
    assertThat(Contract.faults(kind.model(), original)).as("generated %s", original).isEmpty();
    T value = Json.read(Contract.PLAIN.writeValueAsBytes(original), type);
    JsonNode written = Contract.PLAIN.readTree(Json.bytes(value));
    assertThat(Contract.faults(kind.model(), written)).as("%s written", written).isEmpty();
    assertThat(Same.differences(original, written)).as("%s", original).isEmpty();
    assertThat(Json.readStored(Json.bytes(value), type)).isEqualTo(value);
    return value;
  }
}
