package antiphon.core.engine;

import antiphon.protocol.tool.Tool;
import java.util.List;
import java.util.Optional;

/**
 * Something that runs models. Implementations are shared by all runs and safe for many threads.
 *
 * <p>A turn is one call of the model: from the conversation so far to the model's next output
 * items.
 */
public interface Engine extends AutoCloseable {

  /** The engine's name in settings and in {@code resolved_provider}. */
  String name();

  /** The models it can run now. Cheap: may be asked for each request. */
  List<EngineModel> models();

  /**
   * Whether it tries models that {@link #models} does not name: it knows best itself, or nobody has
   * told us its models. Asked only of a server's only engine.
   */
  default boolean accepts(String model) {
    return false;
  }

  /**
   * Says what of this turn the engine cannot do, before a response is made of it.
   *
   * @return the first field that is refused, or empty if the engine will try
   */
  Optional<Refusal> refuses(Turn turn);

  /** Whether it runs this tool itself, where the client does not; by default it runs none. */
  default boolean runs(Tool tool) {
    return false;
  }

  /**
   * Runs one turn to its end, handing over each piece as it comes.
   *
   * <p>Blocks. Interrupting the calling thread stops the engine at once, during prefill too; when
   * this method has thrown {@link InterruptedException} the engine is no longer working for the
   * turn.
   *
   * @param turn what to run
   * @param sink takes the pieces, on the calling thread
   * @return why the turn ended, and what it used
   * @throws EngineException if the engine cannot begin or breaks off
   * @throws InterruptedException if the thread is interrupted; the pieces handed over so far stand
   */
  TurnResult generate(Turn turn, PieceSink sink) throws EngineException, InterruptedException;

  /**
   * Counts the input tokens of a turn as {@link #generate} would, without running it.
   *
   * @return the count, or empty where the engine has no tokenizer to ask
   */
  default Optional<Integer> countInputTokens(Turn turn)
      throws EngineException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Whether a half-generated message can go on exactly where it broke off, see {@link
   * Turn#continuation}.
   */
  default boolean continuesMessages() {
    return false;
  }

  /** How many turns at once are worth running; more wait in the server's queue. At least 1. */
  int concurrency();

  @Override
  void close();

  /**
   * A field that the engine cannot honour.
   *
   * @param param the field on the wire
   * @param message names the field and the engine
   */
  record Refusal(String param, String message) {}
}
