package antiphon.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RehearsalTest {

  @Test
  @Timeout(60)
  void aServerStartsHumsIsCancelledAndStops() throws Exception {
    StringWriter said = new StringWriter();

    assertThat(Rehearsal.run(new PrintWriter(said))).isTrue();
    assertThat(said.toString()).contains("hm ", "cancelled for good");
  }
}
