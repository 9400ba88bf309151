package antiphon.core.engine;

/** Passes pieces on, and notes whether any of them was output. */
public final class Listening implements PieceSink {

  private final PieceSink sink;
  private boolean spoken;

  public Listening(PieceSink sink) {
    this.sink = sink;
  }

  /** Whether there has been output: another engine cannot begin again in this one's place. */
  public boolean spoken() {
    return spoken;
  }

  @Override
  public void accept(Piece piece) throws InterruptedException {
    if (!spoken && !(piece instanceof Piece.UsageSoFar)) {
      spoken = true;
      sink.begun();
    }
    sink.accept(piece);
  }

  @Override
  public void begun() {
    sink.begun();
  }
}
