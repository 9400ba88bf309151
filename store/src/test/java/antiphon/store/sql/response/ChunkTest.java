package antiphon.store.sql.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChunkTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> deltas(int count) {
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          bytes(
              "{\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"delta\":\"w%d \"}"
                  .formatted(i, i)));
    }
    return events;
  }

  @Test
  void fewEventsStayLines() {
    List<byte[]> events = List.of(bytes("{\"a\":1}"), bytes("{\"b\":2}"));

    assertThat(Chunk.join(events)).isEqualTo(bytes("{\"a\":1}\n{\"b\":2}"));
    assertThat(Chunk.split(Chunk.join(events))).containsExactlyElementsOf(events);
  }

  @Test
  void manyEventsArePackedAndComeBack() {
    List<byte[]> events = deltas(500);
    byte[] chunk = Chunk.join(events);

    assertThat(chunk.length).isLessThan((int) Chunk.bytes(events) / 4);
    assertThat(Chunk.split(chunk)).containsExactlyElementsOf(events);
    List<byte[]> rest = new ArrayList<>();
    Chunk.split(chunk, 498, rest);
    assertThat(rest).containsExactlyElementsOf(events.subList(498, 500));
  }

  @Test
  void whatDoesNotShrinkStays() {
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (noise[i] | 0x40);
    }

    assertThat(Chunk.join(List.of(noise))).isEqualTo(noise);
    assertThat(Chunk.split(Chunk.join(List.of(noise)))).containsExactly(noise);
  }

  @Test
  void aDamagedChunkIsSaidToBeOne() {
    byte[] chunk = Chunk.join(deltas(100));

    for (byte[] damaged :
        List.of(
            Arrays.copyOf(chunk, chunk.length - 7),
            Arrays.copyOf(chunk, 3),
            new byte[] {0, -1, -1, -1, -1, 5})) {
      assertThatThrownBy(() -> Chunk.split(damaged)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void whatCouldNotBeReadBackIsRefused() {
    for (byte[] event : List.of(new byte[0], new byte[] {0, 1}, bytes("{\n}"))) {
      assertThatThrownBy(() -> Chunk.join(List.of(event, bytes("{}"))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void twoChunksAreComparedByTheirEvents() {
    byte[] chunk = Chunk.join(deltas(100));

    assertThat(Chunk.has(chunk, deltas(100))).isTrue();
    assertThat(Chunk.has(chunk, deltas(99))).isFalse();
  }
}
