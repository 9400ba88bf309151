package antiphon.engines.embedded.decode;

import java.util.BitSet;

/** Says which tokens may come next, so that the text keeps to a grammar. For one sequence. */
public interface Constraint {

  /** Whether this token may come next. A token that ends the turn may if the text is whole. */
  boolean allows(int token);

  /** Every token that may come next; asked only when guessing has failed for a while. */
  BitSet allowed();

  /** Takes note of the token that was drawn; it has been allowed. */
  void accept(int token);

  /** Whether nothing but the end of the turn may come next. */
  boolean finished();
}
