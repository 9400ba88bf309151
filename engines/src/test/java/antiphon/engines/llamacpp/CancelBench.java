package antiphon.engines.llamacpp;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Turn;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.testkit.upstream.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * How long a slot of the child works on after its turn was interrupted, by its own {@code /slots}:
 * started by hand. Arguments: rounds, and the batch; 50, and what the first start finds, by
 * default. The child answers for its slots between two goes only, so that each figure holds up to
 * one go more than the slot took.
 */
final class CancelBench {

  private static final int SEED = 7;

  private CancelBench() {}

  /** Takes the rounds and the batch. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    LlamaModel plain = LlamaModel.of(RealChild.model());
    LlamaModel model = args.length > 1 ? plain.reading(Integer.parseInt(args[1])) : plain;
    Path folder = Files.createTempDirectory("cancel-bench-");
    try (LlamaCppEngine engine =
        new LlamaCppEngine(
            LlamaCppSettings.of("llama.cpp", List.of(model), folder),
            RealChild.program(),
            InstantSource.system())) {
      Running running = RealChild.running(engine, model.id());
      System.out.println("batch " + Findings.read(folder, model).batch());
      for (boolean reading : new boolean[] {false, true}) {
        List<Double> took = new ArrayList<>();
        Random random = new Random(SEED);
        for (int round = -2; round < rounds; round++) {
          double millis = stop(engine, running, turn(model.id(), reading, round), reading, random);
          if (round >= 0) { // The two before warm up.
            took.add(millis);
          }
        }
        tell(reading, took);
      }
    }
  }

  private static void tell(boolean reading, List<Double> took) {
    Collections.sort(took);
    System.out.printf(
        "%s: p50 %.0f, p90 %.0f, p99 %.0f, most %.0f ms%n",
        reading ? "reading 4,000 tokens" : "writing",
        took.get(took.size() / 2),
        took.get(took.size() * 9 / 10),
        took.get(took.size() * 99 / 100),
        took.getLast());
  }

  /** Another beginning each time: nothing is read already. */
  private static Turn turn(String model, boolean reading, int round) {
    String input = reading ? round + " The sea is wide.".repeat(800) : "Tell me a long story.";
    return Turns.of(
        "{\"model\":\"%s\",\"input\":\"%s\",\"max_output_tokens\":2000}".formatted(model, input));
  }

  private static double stop(
      LlamaCppEngine engine, Running running, Turn turn, boolean reading, Random random)
      throws InterruptedException {
    RealChild.await(() -> !RealChild.busy(running));
    CountDownLatch begun = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = engine.generate(turn, _ -> begun.countDown());
              } catch (EngineException | InterruptedException _) {
                begun.countDown();
              }
            });
    if (reading) {
      RealChild.await(() -> RealChild.busy(running));
    } else {
      begun.await();
    }
    Thread.sleep(random.nextInt(300)); // In the middle of whatever go is under way.
    long since = System.nanoTime();
    caller.interrupt();
    RealChild.await(() -> !RealChild.busy(running));
    return (System.nanoTime() - since) / 1e6;
  }
}
