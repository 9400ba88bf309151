package antiphon.engines.embedded.grammar;

import antiphon.engines.embedded.decode.Constraint;
import antiphon.engines.embedded.llama.Vocabulary;
import java.util.BitSet;

/** Holds a sequence to a grammar from its first token on. */
public final class GrammarConstraint implements Constraint {

  private final TokenIndex index;
  private final Vocabulary vocabulary;
  private Matcher.State state;
  private int lastAsked = -1;
  private Matcher.State lastAnswer;

  /**
   * @param already text that stands before the first token and belongs to the grammar
   * @throws UnsupportedSchemaException if that text does not fit
   */
  public GrammarConstraint(Grammar grammar, TokenIndex index, byte[] already)
      throws UnsupportedSchemaException {
    this.index = index;
    this.vocabulary = index.vocabulary();
    this.state = Matcher.next(Matcher.start(grammar), already, 0);
    this.lastAnswer = state;
    if (state.dead()) {
      throw new UnsupportedSchemaException("The text to go on with does not fit the schema.");
    }
  }

  @Override
  public boolean allows(int token) {
    if (vocabulary.ends(token)) {
      return state.whole();
    }
    byte[] bytes = vocabulary.bytes(token);
    if (bytes.length == 0) {
      return false;
    }
    lastAsked = token;
    lastAnswer = Matcher.next(state, bytes, 0);
    return !lastAnswer.dead();
  }

  @Override
  public BitSet allowed() {
    BitSet tokens = new BitSet(vocabulary.size());
    index.fitting(state, tokens);
    if (state.whole()) {
      for (int token = 0; token < vocabulary.size(); token++) {
        if (vocabulary.ends(token)) {
          tokens.set(token);
        }
      }
    }
    return tokens;
  }

  @Override
  public void accept(int token) {
    if (!vocabulary.ends(token)) {
      state = token == lastAsked ? lastAnswer : Matcher.next(state, vocabulary.bytes(token), 0);
      lastAsked = -1;
    }
  }

  @Override
  public boolean finished() {
    return state.ways().isEmpty();
  }
}
