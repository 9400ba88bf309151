package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.testkit.upstream.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short benchmark: what a stored response costs, as a multiple of the upstream called directly by
 * the same client in the same moments. The bounds are several times what is usual (printed), so
 * that they tell a fsync for each event or a wait for an acknowledgement, and no busy machine.
 * Figures are made by bench/run.
 */
@Timeout(180)
class RegressionGuardTest {

  private static final int ROUNDS = 5;
  private static final int WARM_UP = 1500;
  private static final int TOKENS = 20;

  @TempDir Path folder;

  @Test
  void aResponseCostsAFewTimesItsUpstreamCall() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream((_, answer) -> speak(answer));
        Node node =
            new Node(
                folder,
                new ChatCompletionsEngine(
                    ChatSettings.of(UpstreamSettings.at("mock", upstream.url(), null)),
                    InstantSource.system()));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Load load = new Load(node, upstream, clients);
      load.run(WARM_UP, 16, false);
      load.run(WARM_UP, 16, true);

      double alone = load.compared("one at a time", 150, 1);
      double together = load.compared("16 at once", 600, 16);

      assertThat(alone).as("time beside the upstream's, one at a time").isLessThan(60);
      assertThat(together).as("time beside the upstream's, 16 at once").isLessThan(40);
    }
  }

  private static void speak(Answer answer) throws IOException {
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < TOKENS; i++) {
      events.append(event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"w" + i + " \"}}]}"));
    }
    events.append(event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));
    events.append(event("[DONE]"));
    // In one write: parts would wait for each other in the kernel.
    answer.status(200, "text/event-stream", events.toString());
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  /** Rounds of requests, now to the one and now to the other. */
  private record Load(Node node, FakeUpstream upstream, ExecutorService clients) {

    double compared(String what, int requests, int together) throws Exception {
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double direct = run(requests, together, true);
        double through = run(requests, together, false);
        ratios.add(through / direct);
      }
      Collections.sort(ratios);
      double middle = ratios.get(ROUNDS / 2);
      System.out.printf("a response, %s: %.1f times its upstream call%n", what, middle);
      return middle;
    }

    /** Seconds for so many requests. */
    double run(int requests, int together, boolean direct) throws Exception {
      HttpRequest request = direct ? upstreamCall() : response();
      Callable<Void> client =
          () -> {
            for (int i = 0; i < requests / together; i++) {
              HttpResponse<String> answer =
                  node.client().send(request, HttpResponse.BodyHandlers.ofString());
              assertThat(answer.statusCode()).isEqualTo(200);
              assertThat(answer.body()).contains("w19 ");
            }
            return null;
          };
      long start = System.nanoTime();
      for (var done : clients.invokeAll(Collections.nCopies(together, client))) {
        done.get();
      }
      return (System.nanoTime() - start) / 1e9;
    }

    private HttpRequest response() {
      return node.request("/responses")
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"input\":\"Hi\"}"))
          .build();
    }

    private HttpRequest upstreamCall() {
      return HttpRequest.newBuilder(URI.create(upstream.url() + "/chat/completions"))
          .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}"))
          .build();
    }
  }
}
