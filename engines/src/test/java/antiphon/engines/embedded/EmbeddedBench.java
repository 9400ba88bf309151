package antiphon.engines.embedded;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.engines.embedded.llama.LlamaContext;
import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.LlamaLibrary;
import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The engine beside its own binding used bare, in alternating rounds: started by hand, prints
 * tokens a second. Both draw the likeliest token of the same model with one thread.
 */
final class EmbeddedBench {

  private static final int ROUNDS = 9;
  private static final int TOKENS = 256;
  private static final int CONTEXT = 1024;
  private static final int BATCH = 128;
  private static final String QUESTION = "Tell me a long story about a lighthouse keeper.";

  private EmbeddedBench() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws Exception {
    List<Double> bare = new ArrayList<>();
    List<Double> engine = new ArrayList<>();
    try (LlamaModel model = LlamaModel.load(LlamaLibrary.get(), TestModel.file());
        LlamaContext context = new LlamaContext(model, CONTEXT, BATCH, 1);
        EmbeddedEngine embedded =
            EmbeddedEngine.open(TestModel.file(), new EmbeddedSettings(1, 1, CONTEXT))) {
      for (int round = -1; round < ROUNDS; round++) {
        double first = bare(model, context);
        double second = engine(embedded);
        if (round >= 0) { // The one before warms up.
          bare.add(first);
          engine.add(second);
          System.out.printf("round %d: bare %.1f, engine %.1f tokens/s%n", round, first, second);
        }
      }
    }
    double ratio = 100 * middle(engine) / middle(bare);
    System.out.printf(
        "bare %.1f, engine %.1f tokens/s: %.1f %%%n", middle(bare), middle(engine), ratio);
  }

  private static double middle(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** From the first token drawn on, as for the engine. */
  private static double bare(LlamaModel model, LlamaContext context) throws LlamaException {
    context.truncate(0);
    int[] prompt = TestModel.question(QUESTION).toArray();
    float[] logits = new float[model.vocabulary().size()];
    context.read(prompt, 0, prompt.length, true);
    int[] token = new int[1];
    long start = 0;
    for (int drawn = 0; drawn < TOKENS; drawn++) {
      context.logits(logits);
      token[0] = likeliest(logits);
      if (drawn == 0) {
        start = System.nanoTime();
      }
      context.read(token, 0, 1, true);
    }
    return perSecond(TOKENS - 1, start);
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static double engine(EmbeddedEngine engine) throws Exception {
    String json = "{\"model\":\"m\",\"temperature\":0,\"max_output_tokens\":" + TOKENS + "}";
    var request = Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
    Turn turn = new Turn(request, "m", List.of(Message.user(QUESTION)), null);
    long[] first = {0};
    var result =
        engine.generate(
            turn,
            piece -> {
              if (first[0] == 0 && piece instanceof Piece.Text) {
                first[0] = System.nanoTime();
              }
            });
    return perSecond(result.usage().outputTokens() - 1, first[0]);
  }

  private static double perSecond(int tokens, long start) {
    return tokens * 1e9 / (System.nanoTime() - start);
  }
}
