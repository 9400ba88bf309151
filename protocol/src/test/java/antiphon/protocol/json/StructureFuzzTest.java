package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.schema.Contract;
import antiphon.protocol.schema.Instances;
import antiphon.protocol.schema.Instances.Fill;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Create bodies changed in their structure, or in single bytes: each is read or refused with {@link
 * InvalidJson}, and what was read is written and read again as the same.
 */
class StructureFuzzTest {

  private static final int BODIES = 100;
  private static final int CHANGES = 130;
  private static final int LARGE = 4_000;

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e308",
          "9223372036854775808",
          "\"\"",
          "\"auto\"",
          "\"message\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "{\"type\":\"function\"}",
          "{\"type\":\"message\",\"role\":\"user\",\"content\":\"x\"}",
          "{\"type\":\"input_text\",\"text\":\"x\"}",
          "{\"a\":null}");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void requests(long seed) {
    System.out.println("StructureFuzzTest: seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int body = 0; body < BODIES; body++) {
      JsonNode valid = valid(random);
      byte[] json = Contract.PLAIN.writeValueAsBytes(valid);
      for (int i = 0; i < CHANGES; i++) {
        byte[] changed = i % 3 == 0 ? bytes(json, random) : structure(valid, random);
        read += survives(changed, "seed %d, body %d, change %d".formatted(seed, body, i)) ? 1 : 0;
      }
    }
    // Were all of one kind, the changes would not reach where it hurts.
    assertThat(read).as("read, seed %d", seed).isBetween(BODIES * CHANGES / 20, BODIES * CHANGES);
  }

  /** A body that is not large: many small ones find more in the same time. */
  private static JsonNode valid(Random random) {
    while (true) {
      JsonNode body = new Instances(random.nextLong(), Fill.SOME).of("ResponsesCreateRequest");
      if (Contract.PLAIN.writeValueAsBytes(body).length < LARGE) {
        return body;
      }
    }
  }

  private static boolean survives(byte[] json, String where) {
    CreateResponse request;
    try {
      request = Json.read(json, CreateResponse.class);
    } catch (InvalidJson refused) {
      assertThat(refused.getMessage()).as(where).isNotBlank();
      return false;
    } catch (Throwable other) {
      return fail(where + ": " + new String(json, StandardCharsets.UTF_8), other);
    }
    try {
      byte[] written = Json.bytes(request);
      assertThat(Json.read(written, CreateResponse.class)).as(where).isEqualTo(request);
    } catch (RuntimeException other) {
      return fail(where + ", written: " + new String(json, StandardCharsets.UTF_8), other);
    }
    return true;
  }

  /** One place of a copy replaced, removed, doubled or moved. */
  private static byte[] structure(JsonNode valid, Random random) {
    JsonNode copy = valid.deepCopy();
    List<JsonNode> containers = new ArrayList<>();
    collect(copy, containers);
    JsonNode place = containers.get(random.nextInt(containers.size()));
    JsonNode other = containers.get(random.nextInt(containers.size())).deepCopy();
    switch (place) {
      case ObjectNode object -> change(object, other, random);
      case ArrayNode array -> change(array, other, random);
      default -> throw new IllegalStateException("no container");
    }
    return Contract.PLAIN.writeValueAsBytes(copy);
  }

  private static void change(ObjectNode object, JsonNode other, Random random) {
    List<String> names = List.copyOf(object.propertyNames());
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name, other);
      case 2 -> object.set("brand_new", other);
      case 3 -> object.set(name, object.get(names.get(random.nextInt(names.size()))));
      default -> object.set(name, value(random));
    }
  }

  private static void change(ArrayNode array, JsonNode other, Random random) {
    int at = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(at);
      case 1 -> array.insert(at, other);
      case 2 -> array.insert(at, array.get(at));
      default -> array.set(at, value(random));
    }
  }

  private static JsonNode value(Random random) {
    return Contract.PLAIN.readTree(VALUES.get(random.nextInt(VALUES.size())));
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static byte[] bytes(byte[] json, Random random) {
    byte[] changed = json.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length);
      changed[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) "{}[]\",:\\0e-".charAt(random.nextInt(11));
            default -> (byte) (changed[at] ^ 1 << random.nextInt(8));
          };
    }
    return changed;
  }
}
