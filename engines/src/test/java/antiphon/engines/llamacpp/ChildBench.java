package antiphon.engines.llamacpp;

import antiphon.core.engine.TurnResult;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The engine beside its child called directly, in alternating rounds: started by hand, prints
 * tokens a second of the whole turn. Arguments: rounds and tokens, 5 and 128 by default.
 */
final class ChildBench {

  private static final String QUESTION = "Tell me a long story about a lighthouse keeper.";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ChildBench() {}

  /** Takes the rounds and the tokens. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 128;
    LlamaModel model = LlamaModel.of(RealChild.model());
    Path folder = Files.createTempDirectory("child-bench-");
    try (LlamaCppEngine engine =
        new LlamaCppEngine(
            LlamaCppSettings.of("llama.cpp", List.of(model), folder),
            RealChild.program(),
            InstantSource.system())) {
      Running running = RealChild.running(engine, model.id());
      for (int atOnce : new int[] {1, 4}) {
        compare(engine, running, model.id(), atOnce, rounds, tokens);
      }
    }
  }

  private static void compare(
      LlamaCppEngine engine, Running running, String id, int atOnce, int rounds, int tokens)
      throws Exception {
    List<Double> direct = new ArrayList<>();
    List<Double> through = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      double first = perSecond(atOnce, tokens, () -> direct(running, tokens));
      double second = perSecond(atOnce, tokens, () -> through(engine, id, tokens));
      if (round >= 0) { // The one before warms up.
        direct.add(first);
        through.add(second);
      }
    }
    System.out.printf(
        "%d at once: direct %.1f, through the engine %.1f tokens/s: %.1f %%%n",
        atOnce, middle(direct), middle(through), 100 * middle(through) / middle(direct));
  }

  private static double perSecond(int atOnce, int tokens, Callable<Integer> work) throws Exception {
    long since = System.nanoTime();
    int made = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> one : threads.invokeAll(Collections.nCopies(atOnce, work))) {
        made += one.get();
      }
    }
    if (made != atOnce * tokens) {
      throw new IllegalStateException(made + " tokens instead of " + atOnce * tokens);
    }
    return made * 1e9 / (System.nanoTime() - since);
  }

  private static int direct(Running running, int tokens) throws Exception {
    String body =
        """
        {"messages": [{"role": "user", "content": "%s"}], "temperature": 0, "stream": true,
         "ignore_eos": true, "max_tokens": %d}\
        """
            .formatted(QUESTION, tokens);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.child().address() + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + running.child().key())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofLines());
    long lines = answer.body().filter(line -> line.startsWith("data: {")).count();
    if (lines < tokens / 2) {
      throw new IllegalStateException("the child said next to nothing");
    }
    return tokens;
  }

  private static int through(LlamaCppEngine engine, String id, int tokens) throws Exception {
    String json =
        """
        {"model": "%s", "input": "%s", "temperature": 0, "max_output_tokens": %d,
         "extra_body": {"ignore_eos": true}}\
        """
            .formatted(id, QUESTION, tokens);
    TurnResult result = engine.generate(Turns.of(json), new Heard());
    return result.usage().outputTokens();
  }

  private static double middle(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
