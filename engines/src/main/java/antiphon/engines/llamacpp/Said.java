package antiphon.engines.llamacpp;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.response.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a turn has said, so that it can go on where a child has died. */
final class Said implements PieceSink {

  private final PieceSink sink;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Usage before;
  private int deltas;
  private boolean textOnly = true;

  Said(PieceSink sink) {
    this.sink = sink;
  }

  @Override
  public void accept(Piece piece) throws InterruptedException {
    if (piece instanceof Piece.Text said) {
      text.append(said.delta());
      deltas++;
    } else if (!(piece instanceof Piece.UsageSoFar)) {
      textOnly = false;
    }
    sink.accept(piece);
  }

  @Override
  public void begun() {
    sink.begun();
  }

  /**
   * The turn from here on; empty if it cannot go on, since what it has said last is no message, or
   * it may say no more.
   */
  Optional<Turn> rest(Turn turn) {
    if (!textOnly) {
      return Optional.empty();
    }
    if (text.isEmpty()) {
      return Optional.of(turn);
    }
    Long most = turn.request().maxOutputTokens();
    if (most != null && most <= deltas) {
      return Optional.empty();
    }
    before = Usage.of(0, deltas);
    String begun = turn.continuation() == null ? "" : turn.continuation();
    Turn rest = new Turn(turn.request(), turn.model(), turn.items(), begun + text);
    return Optional.of(most == null ? rest : rest.limited(most - deltas));
  }

  /** The end of it all. */
  TurnResult whole(TurnResult last) {
    return before == null
        ? last
        : new TurnResult(last.reason(), before.begunAgain(last.usage()), last.model());
  }
}
