package antiphon.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String HEADER = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @Test
  void isReadAndWrittenAgain() {
    TraceParent read = TraceParent.parse(HEADER).orElseThrow();
    assertThat(read).isEqualTo(new TraceParent(TRACE, "00f067aa0ba902b7", 1));
    assertThat(read.header()).isEqualTo(HEADER);
  }

  @Test
  void childrenAreOfTheSameTraceAndDiffer() {
    TraceParent read = TraceParent.parse(HEADER).orElseThrow();
    Set<String> parents = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      TraceParent child = TraceParent.parse(read.child().header()).orElseThrow();
      assertThat(child.traceId()).isEqualTo(TRACE);
      assertThat(child.flags()).isEqualTo(1);
      parents.add(child.parentId());
    }
    assertThat(parents).hasSize(100).doesNotContain(read.parentId());
  }

  @Test
  void aLaterVersionIsReadAsFarAsItIsKnown() {
    assertThat(
            TraceParent.parse("cc-" + TRACE + "-00f067aa0ba902b7-ff-more").orElseThrow().header())
        .isEqualTo("00-" + TRACE + "-00f067aa0ba902b7-03");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
        "00 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 01",
      })
  void whatHasAnotherFormIsNone(String header) {
    assertThat(TraceParent.parse(header)).isEmpty();
  }

  @Test
  void nothingGoesOutWithoutATrace() {
    assertThat(TraceScope.outgoing()).isEmpty();
    TraceParent trace = TraceParent.parse(HEADER).orElseThrow();
    TraceScope.run(
        trace,
        () -> assertThat(TraceScope.outgoing().orElseThrow()).startsWith("00-" + TRACE + "-"));
    assertThat(TraceScope.current()).isNull();
  }
}
