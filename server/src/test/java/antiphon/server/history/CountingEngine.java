package antiphon.server.history;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says {@code w0 w1 w2 …}, as many words as {@code max_output_tokens} asks for, and goes on where a
 * half message broke off: whatever happens, what comes out in the end is known.
 */
final class CountingEngine implements Engine {

  /** Before each word. */
  static final long PAUSE_MILLIS = 15;

  /** Before the first word of one in five, as an engine does that has a long prompt to read. */
  private static final long SILENCE_MILLIS = 300;

  private static final int SILENT = 5;

  /** The text of a response of so many words. */
  static String text(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(word(i));
    }
    return text.toString();
  }

  private static String word(int i) {
    return "w" + i + " ";
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink) throws InterruptedException {
    String continuation = turn.continuation();
    int from = continuation == null ? 0 : continuation.split(" ", -1).length - 1;
    // Whoever goes on is asked for what is left.
    int words = from + Math.toIntExact(Objects.requireNonNull(turn.request().maxOutputTokens()));
    if (words % SILENT == 0) {
      Thread.sleep(SILENCE_MILLIS);
    }
    for (int i = from; i < words; i++) {
      Thread.sleep(PAUSE_MILLIS);
      sink.accept(new Piece.Text(word(i)));
    }
    return new TurnResult(TurnResult.Reason.STOP, Usage.of(1, words - from), turn.model());
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public List<EngineModel> models() {
    return List.of(new EngineModel("counting", 1_700_000_000L, "tests", null));
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return Optional.empty();
  }

  @Override
  public boolean continuesMessages() {
    return true;
  }

  @Override
  public int concurrency() {
    return 64;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
