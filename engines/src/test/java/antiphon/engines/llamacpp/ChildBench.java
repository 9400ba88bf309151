package antiphon.engines.llamacpp;

import antiphon.core.engine.TurnResult;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.protocol.json.Json;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * The engine beside its child called directly with the same question: started by hand, prints
 * tokens a second of the whole turn. The two are compared within each round, and who begins
 * alternates: what else the machine does changes more from round to round than what is measured.
 * Arguments: rounds and tokens, 20 and 64 by default.
 */
final class ChildBench {

  private static final String QUESTION = "Tell me a long story about a lighthouse keeper.";
  private static final int WARM_UP = 4;

  /** A connection for each call: the child closes one after a hundred calls. */
  private static final OkHttpClient CLIENT =
      new OkHttpClient.Builder()
          .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
          .readTimeout(Duration.ofMinutes(5))
          .build();

  private ChildBench() {}

  /** Takes the rounds and the tokens. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 64;
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
    List<Double> ratios = new ArrayList<>();
    Callable<Integer> plain = () -> direct(running, tokens);
    Callable<Integer> ours = () -> through(engine, id, tokens);
    for (int round = -WARM_UP; round < rounds; round++) {
      boolean oursFirst = round % 2 == 0;
      double first = perSecond(atOnce, tokens, oursFirst ? ours : plain);
      double second = perSecond(atOnce, tokens, oursFirst ? plain : ours);
      if (round >= 0) {
        direct.add(oursFirst ? second : first);
        through.add(oursFirst ? first : second);
        ratios.add(100 * through.getLast() / direct.getLast());
      }
    }
    System.out.printf(
        "%d at once: direct %.1f, through the engine %.1f tokens/s; in the same round %.1f %%%n",
        atOnce, middle(direct), middle(through), middle(ratios));
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
         "stream_options": {"include_usage": true}, "ignore_eos": true, "max_tokens": %d}\
        """
            .formatted(QUESTION, tokens);
    Request request =
        new Request.Builder()
            .url(running.child().address() + "/v1/chat/completions")
            .header("Authorization", "Bearer " + running.child().key())
            .post(RequestBody.create(body, MediaType.get("application/json")))
            .build();
    String usage = "";
    try (Response response = CLIENT.newCall(request).execute()) {
      BufferedSource source = response.body().source();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        usage = line.contains("\"completion_tokens\"") ? line : usage;
      }
    }
    return Json.tree(usage.substring("data: ".length()).getBytes(StandardCharsets.UTF_8))
        .path("usage")
        .path("completion_tokens")
        .asInt();
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
