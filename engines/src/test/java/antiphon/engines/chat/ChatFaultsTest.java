package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.upstream.Limits;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import antiphon.testkit.upstream.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an engine can do wrong once it answers, and what becomes of it. */
@Timeout(60)
final class ChatFaultsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Test
  void nobodyThere() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (ChatCompletionsEngine engine =
        Chat.engine("http://127.0.0.1:" + port + "/v1", Limits.DEFAULT.retrying(1))) {
      assertThat(Chat.failure(engine, new Heard()))
          .isEqualTo(
              new Problem.Engine(Kind.UNAVAILABLE, "The engine 'test' cannot be reached", null));
    }
  }

  @Test
  void silentBeforeTheFirstToken() {
    Script silent = (request, answer) -> answer.stream().raw(": ping\n\n").hang();
    fails(silent, Chat.hasty(SHORT, LONG), Kind.TIMEOUT, "sent no token within 200 ms", "");
  }

  @Test
  void neverAnswers() {
    fails(
        (request, answer) -> answer.hang(),
        Chat.hasty(SHORT, LONG),
        Kind.TIMEOUT,
        "sent no token within 200 ms",
        "");
  }

  @Test
  void silentBetweenTokensThoughItKeepsPinging() {
    Script pinging =
        (request, answer) -> {
          answer.stream().data(Chat.text("one"));
          while (true) {
            answer.raw(": ping\n\n");
            LockSupport.parkNanos(5_000_000);
          }
        };
    fails(
        pinging, Chat.hasty(LONG, SHORT), Kind.TIMEOUT, "sent no further token for 200 ms", "one");
  }

  @Test
  void neverEnds() {
    Script endless =
        (request, answer) -> {
          answer.stream();
          while (true) {
            answer.data(Chat.text("x"));
            LockSupport.parkNanos(1_000_000);
          }
        };
    Limits limits = Limits.DEFAULT.retrying(0).forTurn(Duration.ofMillis(400), 1 << 20);
    fails(endless, limits, Kind.TIMEOUT, "did not end within 400 ms", null);
  }

  @Test
  void sendsTooMuch() {
    Script flood =
        (request, answer) -> {
          answer.stream();
          while (true) {
            answer.data(Chat.text("x".repeat(1000)));
          }
        };
    Limits limits = Limits.DEFAULT.retrying(0).forTurn(LONG, 1 << 20);
    fails(flood, limits, Kind.BROKEN, "sent more than 1 MB without an end", null);
  }

  @Test
  void sendsALineWithoutEnd() {
    Script line =
        (request, answer) -> {
          answer.stream().data(Chat.text("one")).raw("data: ");
          while (true) {
            answer.raw("y".repeat(1 << 16));
          }
        };
    broken(line, "sent a line of more than 8 MB", "one");
  }

  @Test
  void resetsInMidStream() {
    broken(
        (request, answer) -> answer.chunked().chunk(Chat.text("one")).reset(),
        "broke off in the middle of its answer",
        null);
  }

  @Test
  void closesInMidChunk() {
    broken(
        (request, answer) -> answer.chunked().chunk(Chat.text("one")).raw("40\r\ndata"),
        "broke off in the middle of its answer",
        "one");
  }

  @Test
  void endsCleanlyWithoutFinishReason() {
    broken(
        (request, answer) -> answer.stream().data(Chat.text("one")),
        "ended its answer without a finish_reason",
        "one");
  }

  @Test
  void saysDoneWithoutFinishReason() {
    broken(
        (request, answer) -> answer.stream().data(Chat.text("one"), "[DONE]"),
        "ended its answer without a finish_reason",
        "one");
  }

  @Test
  void wasAborted() {
    broken(
        (request, answer) ->
            answer.stream().data(Chat.text("one"), Chat.STOP.replace("stop", "abort"), "[DONE]"),
        "stopped in the middle of its answer: abort",
        "one");
  }

  @Test
  void sendsGarbage() {
    broken(
        (request, answer) -> answer.stream().data(Chat.text("one"), "{]%"),
        "sent what is no JSON",
        "one");
  }

  @Test
  void sendsTruncatedJson() {
    broken(
        (request, answer) -> answer.stream().data(Chat.text("one"), "{\"choices\":[{\"delta\":"),
        "sent what is no JSON",
        "one");
  }

  @Test
  void sendsAnArray() {
    broken((request, answer) -> answer.stream().data("[1]"), "sent a chunk that is no object", "");
  }

  @Test
  void answersWithAPage() {
    broken(
        (request, answer) -> answer.status(200, "text/html", "<html>welcome</html>"),
        "answered with text/html instead of a stream",
        "");
  }

  @Test
  void answersNoHttp() {
    broken(
        (request, answer) -> answer.raw("SSH-2.0-OpenSSH_9\r\n"),
        "closed the connection without an answer",
        "");
  }

  @Test
  void reportsAnErrorInMidStream() {
    broken(
        (request, answer) ->
            answer.stream().data(Chat.text("one"), "{\"error\":{\"message\":\"out of memory\"}}"),
        "broke off with an error: out of memory",
        "one");
  }

  @Test
  void tellsArgumentsOfAWholeCallAgain() {
    broken(
        (request, answer) ->
            answer.stream()
                .data(call(0, "a", "{}"), call(1, "b", "{}"), call(0, "", "{\\\"late\\\":1}"), "x"),
        "sent more arguments for a tool call that was whole",
        "");
  }

  private static String call(int index, String name, String arguments) {
    return "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":"
        + index
        + ",\"id\":\"call_"
        + name
        + "\",\"function\":{\"name\":\""
        + name
        + "\",\"arguments\":\""
        + arguments
        + "\"}}]}}]}";
  }

  private static void broken(Script script, String what, @Nullable String text) {
    fails(script, Limits.DEFAULT.retrying(0), Kind.BROKEN, what, text);
  }

  /**
   * Plays a script and looks what becomes of it: the problem, and that the connection is closed.
   *
   * @param text what must have been handed over by then; null if any of it may have been
   */
  private static void fails(
      Script script, Limits limits, Kind kind, String what, @Nullable String text) {
    CountDownLatch over = new CountDownLatch(1);
    Script watched =
        (request, answer) -> {
          try {
            script.play(request, answer);
          } finally {
            over.countDown();
          }
        };
    try (FakeUpstream upstream = new FakeUpstream(watched);
        ChatCompletionsEngine engine = Chat.engine(upstream.url(), limits)) {
      Heard heard = new Heard();
      assertThat(Chat.failure(engine, heard))
          .isEqualTo(new Problem.Engine(kind, "The engine 'test' " + what, null));
      if (text != null) {
        assertThat(heard.text()).isEqualTo(text);
      }
      Await.until("the script is over", () -> over.getCount() == 0);
      assertThat(upstream.requests()).hasSize(1);
    }
  }
}
