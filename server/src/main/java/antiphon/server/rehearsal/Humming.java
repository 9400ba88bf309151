package antiphon.server.rehearsal;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Optional;

/** An engine that says the same word again and again. */
final class Humming implements Engine {

  private static final int WORDS = 1000;
  private static final long PAUSE_MILLIS = 2;

  @Override
  public TurnResult generate(Turn turn, PieceSink sink) throws InterruptedException {
    for (int i = 0; i < WORDS; i++) {
      Thread.sleep(PAUSE_MILLIS);
      sink.accept(new Piece.Text("hm "));
    }
    return new TurnResult(TurnResult.Reason.STOP, Usage.of(1, WORDS), turn.model());
  }

  @Override
  public String name() {
    return "humming";
  }

  @Override
  public List<EngineModel> models() {
    return List.of(new EngineModel("hm", 0, "antiphon", null));
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return Optional.empty();
  }

  @Override
  public int concurrency() {
    return 1;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
