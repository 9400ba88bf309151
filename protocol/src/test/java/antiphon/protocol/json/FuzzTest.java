package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Response;
import antiphon.protocol.schema.Contract;
import antiphon.protocol.schema.Contract.Kind;
import antiphon.protocol.schema.Instances;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, it is read or refused with {@link InvalidJson}: nothing else is ever thrown. */
class FuzzTest {

  private static final int TRIES = 1_500;

  private static final List<String> BITS =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"\\ud83d\"",
          "\"\\u0000\"",
          "1e999",
          "-1",
          "1.5",
          "1e-400",
          "123456789012345678901234567890",
          "[]",
          "{}",
          "[null]",
          "{\"type\":null}",
          "{\"type\":\"message\"}",
          "{\"\":0}",
          "[[[[",
          "}",
          "]",
          ",",
          ":",
          "\\",
          "\"",
          "\u0000",
          "\uFEFF",
          "NaN",
          "-Infinity",
          "/*x*/",
          "{field}",
          "'");

  static Stream<Arguments> sections() {
    return Stream.of(
        Arguments.of("items", Item.class),
        Arguments.of("tools_request", Tool.class),
        Arguments.of("events", StreamEvent.class));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void kinds(String section, Class<?> type) {
    List<Kind> kinds = Contract.kinds(section).toList();
    fuzz(section.hashCode(), type, kinds.stream().map(Kind::model).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void requests(int seed) {
    fuzz(seed, CreateResponse.class, List.of("ResponsesCreateRequest"));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6})
  void responses(int seed) {
    fuzz(seed, Response.class, List.of("ResponseObject"));
  }

  private static void fuzz(long seed, Class<?> type, List<String> models) {
    Random random = new Random(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      String model = models.get(random.nextInt(models.size()));
      byte[] json =
          Contract.PLAIN.writeValueAsBytes(new Instances(random.nextLong(), Fill.SOME).of(model));
      for (int change = random.nextInt(4); change >= 0; change--) {
        json = changed(json, random);
      }
      if (survives(json, type, "seed " + seed + ", try " + i + ", " + model)) {
        read++;
      } else {
        refused++;
      }
    }
    // Were all of one kind, the changes would not reach where it hurts.
    assertThat(refused).as("refused, seed %d", seed).isGreaterThan(TRIES / 10);
    if (type != Response.class) {
      assertThat(read).as("read, seed %d", seed).isGreaterThan(TRIES / 50);
    }
  }

  /** Whether it was read. What was read can be written, and is then read as the same. */
  private static boolean survives(byte[] json, Class<?> type, String where) {
    lenient(json, type, where);
    Object value;
    try {
      value = Json.read(json, type);
    } catch (InvalidJson refused) {
      assertThat(refused.getMessage()).as(where).isNotBlank().hasSizeLessThan(6_000);
      return false;
    } catch (Throwable other) {
      return fail(where + ": " + new String(json, StandardCharsets.UTF_8), other);
    }
    try {
      byte[] written = Json.bytes(value);
      Object again = Json.read(written, type);
      assertThat(again).as(where).isEqualTo(value);
      assertThat(Json.bytes(again)).as(where).isEqualTo(written);
    } catch (RuntimeException other) {
      return fail(where + ", written: " + new String(json, StandardCharsets.UTF_8), other);
    }
    return true;
  }

  private static void lenient(byte[] json, Class<?> type, String where) {
    try {
      Json.bytes(Json.readStored(json, type));
    } catch (InvalidJson _) {
      // as it should
    } catch (Throwable other) {
      fail(where + ", lenient: " + new String(json, StandardCharsets.UTF_8), other);
    }
    try {
      Json.bytes(Json.convert(Json.tree(json), type));
    } catch (InvalidJson _) {
      // as it should
    } catch (Throwable other) {
      fail(where + ", as a tree: " + new String(json, StandardCharsets.UTF_8), other);
    }
  }

  private static byte[] changed(byte[] json, Random random) {
    if (json.length == 0) {
      return BITS.get(random.nextInt(BITS.size())).getBytes(StandardCharsets.UTF_8);
    }
    int at = random.nextInt(json.length);
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(json, at);
      case 1 -> replaced(json, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 2 -> replaced(json, at, Math.min(json.length, at + 1 + random.nextInt(8)), new byte[0]);
      case 3 -> replaced(json, at, at, bit(random));
      default -> value(json, at, random);
    };
  }

  /** Another value behind one of the colons: what is still JSON, but not what was wanted. */
  private static byte[] value(byte[] json, int from, Random random) {
    int colon = from;
    while (colon < json.length && json[colon] != ':') {
      colon++;
    }
    int end = colon + 1;
    while (end < json.length && ",}]".indexOf(json[end]) < 0) {
      end++;
    }
    return colon >= json.length ? json : replaced(json, colon + 1, end, bit(random));
  }

  private static byte[] bit(Random random) {
    return BITS.get(random.nextInt(BITS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] json, int from, int to, byte[] by) {
    byte[] result = new byte[json.length - (to - from) + by.length];
    System.arraycopy(json, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(json, to, result, from + by.length, json.length - to);
    return result;
  }
}
