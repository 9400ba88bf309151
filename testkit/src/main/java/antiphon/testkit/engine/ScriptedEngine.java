package antiphon.testkit.engine;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine with one model, {@code scripted}, that plays a script and counts what became of it. */
public final class ScriptedEngine implements Engine {

  /** The one model's name. */
  public static final String MODEL = "scripted";

  private final String name;
  private final boolean continues;
  private final int places;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger stopped = new AtomicInteger();
  private final List<Turn> turns = new CopyOnWriteArrayList<>();
  private volatile Script script;

  /**
   * @param script played in each turn
   * @param continues whether half-generated messages can go on
   */
  public ScriptedEngine(Script script, boolean continues) {
    this("scripted", script, continues, 64);
  }

  /** One of several engines, which begins every message anew. */
  public ScriptedEngine(String name, Script script) {
    this(name, script, false, 64);
  }

  /** One of several engines, which takes so many turns at once. */
  public ScriptedEngine(String name, Script script, int places) {
    this(name, script, false, places);
  }

  private ScriptedEngine(String name, Script script, boolean continues, int places) {
    this.name = name;
    this.places = places;
    this.script = script;
    this.continues = continues;
  }

  /** An engine that begins every message anew. */
  public ScriptedEngine(Script script) {
    this(script, false);
  }

  /** From now on plays this. */
  public void script(Script next) {
    script = next;
  }

  /** How many turns are under way. */
  public int running() {
    return running.get();
  }

  /** How many turns were interrupted. */
  public int stopped() {
    return stopped.get();
  }

  /** All turns so far. */
  public List<Turn> turns() {
    return List.copyOf(turns);
  }

  /** A turn that ended by itself after this many tokens; the input counts ten. */
  public static TurnResult stop(Turn turn, int tokens) {
    return new TurnResult(TurnResult.Reason.STOP, Usage.of(10, tokens), turn.model());
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    turns.add(turn);
    running.incrementAndGet();
    try {
      return script.play(turn, sink);
    } catch (InterruptedException e) {
      stopped.incrementAndGet();
      throw e;
    } finally {
      running.decrementAndGet();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<EngineModel> models() {
    return List.of(new EngineModel(MODEL, 1_700_000_000L, "tests", null));
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return Optional.empty();
  }

  @Override
  public boolean continuesMessages() {
    return continues;
  }

  @Override
  public int concurrency() {
    return places;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
