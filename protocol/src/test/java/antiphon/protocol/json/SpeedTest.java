package antiphon.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.request.CreateResponse;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** Prints what reading and writing cost. Nothing depends on the figures: machines differ. */
class SpeedTest {

  private static final int ROUNDS = 5;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Test
  void aDelta() {
    OutputTextEvent.Delta delta =
        new OutputTextEvent.Delta(1234, "msg_0123456789abcdefghijklmn", 0, 0, " word", List.of());
    assertThat(print("encode of a text delta", 100_000, () -> Json.bytes(delta).length))
        .isPositive();
  }

  @Test
  void aRequest() {
    byte[] body = body().getBytes(StandardCharsets.UTF_8);
    assertThat(body).hasSizeBetween(1_900, 2_200);
    CreateResponse request = Json.read(body, CreateResponse.class);
    assertThat(print("decode of a create body of 2 KB", 5_000, () -> length(body))).isPositive();
    assertThat(print("encode of the same", 5_000, () -> Json.bytes(request).length)).isPositive();
  }

  private static int length(byte[] body) {
    return Json.read(body, CreateResponse.class).model().length();
  }

  /** A system message, a conversation and two functions, as clients send them. */
  private static String body() {
    String parameters =
        "{'type':'object','properties':{'city':{'type':'string','description':'A city'},"
            + "'unit':{'type':'string','enum':['celsius','fahrenheit']}},'required':['city'],"
            + "'additionalProperties':false}";
    String tool =
        "{'type':'function','name':'%s','description':'The weather now','parameters':"
            + parameters
            + ",'strict':true}";
    String turns =
        "{'type':'message','role':'user','content':[{'type':'input_text','text':'%s'}]},"
            + "{'type':'message','role':'assistant','status':'completed','id':'msg_1','content':"
            + "[{'type':'output_text','text':'%s','annotations':[],'logprobs':[]}]},";
    String text = "The quick brown fox jumps over the lazy dog. ".repeat(5).strip();
    return ("{'model':'auto','instructions':'Be brief.','stream':true,'store':true,"
            + "'temperature':0.7,'max_output_tokens':512,'metadata':{'run':'42'},'input':["
            + turns.formatted(text, text)
            + turns.formatted(text, text)
            + "{'role':'user','content':'And tomorrow?'}],'tool_choice':'auto','tools':["
            + tool.formatted("now")
            + ","
            + tool.formatted("then")
            + "]}")
        .replace('\'', '"');
  }

  /** The best of some rounds, the first ones warm up; of processor time, for others run too. */
  private static long print(String what, int times, IntSupplier call) {
    long best = Long.MAX_VALUE;
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        sum += call.getAsInt();
      }
      best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - begin) / times);
    }
    System.out.printf("SpeedTest: %s: %.2f µs%n", what, best / 1000.0);
    return sum;
  }
}
