package antiphon.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** How often the log hears of the same thing. */
class ComplaintsTest {

  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Complaints complaints = new Complaints(nanos::get);
  private final Logger log =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (_, method, arguments) -> {
                if (method.getName().equals("getName")) {
                  return "log";
                }
                lines.add(method.getName() + " " + arguments[0]);
                return null;
              });

  @Test
  void oneLineAMinuteSaysWhyAndHowMany() {
    for (int i = 0; i < 223; i++) {
      complaints.add(log, "store", false, "refused " + i, null);
    }
    complaints.add(log, "engine", true, "broken", new IllegalStateException());
    complaints.tellOld();
    assertThat(lines).containsExactly("warn refused 0", "error broken");

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    complaints.tellOld();
    assertThat(lines).hasSize(3);
    assertThat(lines.getLast())
        .isEqualTo("warn 222 more like this in the last minute, the last: refused 222");

    complaints.add(log, "store", false, "refused again", null);
    assertThat(lines).hasSize(3);
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    complaints.tellOld();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    complaints.tellOld();
    assertThat(lines).hasSize(4);
    complaints.add(log, "store", false, "new", null);
    assertThat(lines.getLast()).isEqualTo("warn new");
  }

  @Test
  void kindsHaveAnEnd() {
    for (int i = 0; i < 3000; i++) {
      complaints.add(log, "kind " + i, false, "m", null);
    }
    assertThat(lines).hasSizeLessThan(1100);
  }
}
