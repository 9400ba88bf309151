package antiphon.testkit.upstream;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Keeps what an engine says. */
public final class Heard implements PieceSink {

  private final List<Piece> pieces = new CopyOnWriteArrayList<>();

  @Override
  public void accept(Piece piece) {
    pieces.add(piece);
  }

  /** All pieces so far. */
  public List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /** All text so far. */
  public String text() {
    return pieces.stream()
        .filter(Piece.Text.class::isInstance)
        .map(piece -> ((Piece.Text) piece).delta())
        .collect(Collectors.joining());
  }
}
