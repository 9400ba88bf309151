package antiphon.engines.embedded.grammar;

import antiphon.engines.embedded.decode.Constraint;
import antiphon.engines.embedded.llama.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a sequence free until it writes a mark; then holds it to a grammar to the grammar's end,
 * and leaves it free again.
 */
public final class TriggeredConstraint implements Constraint {

  private final byte[] mark;
  private final TokenIndex index;
  private final Vocabulary vocabulary;
  private final Matcher.State start;
  private final boolean once;
  private byte[] tail = {};
  private Matcher.@Nullable State state;
  private boolean finished;

  /**
   * @param once whether the text ends when the grammar does
   */
  public TriggeredConstraint(String mark, Grammar grammar, TokenIndex index, boolean once) {
    this.mark = mark.getBytes(StandardCharsets.UTF_8);
    this.index = index;
    this.vocabulary = index.vocabulary();
    this.start = Matcher.start(grammar);
    this.once = once;
  }

  @Override
  public boolean allows(int token) {
    if (vocabulary.ends(token)) {
      return state == null;
    }
    byte[] bytes = written(token);
    if (state != null) {
      return bytes.length > 0 && follow(state, bytes, 0) != null;
    }
    int after = endOfMark(bytes);
    return after < 0 || follow(start, bytes, after) != null;
  }

  /** A mark may be a control token, which has no text of its own. */
  private byte[] written(int token) {
    return vocabulary.isControl(token)
        ? vocabulary.written(token).getBytes(StandardCharsets.UTF_8)
        : vocabulary.bytes(token);
  }

  /**
   * The state after these bytes; an ended grammar leaves the rest free. Null if they do not fit.
   */
  private static Matcher.@Nullable State follow(Matcher.State from, byte[] bytes, int begin) {
    Matcher.State now = from;
    for (int i = begin; i < bytes.length && !now.ways().isEmpty(); i++) {
      now = Matcher.next(now, bytes[i] & 0xFF);
    }
    return now.dead() ? null : now;
  }

  /** How many of these bytes belong to the mark that they complete, -1 if they complete none. */
  private int endOfMark(byte[] bytes) {
    byte[] both = joined(bytes);
    for (int at = 0; at + mark.length <= both.length; at++) {
      if (Arrays.equals(both, at, at + mark.length, mark, 0, mark.length)) {
        return Math.max(0, at + mark.length - tail.length);
      }
    }
    return -1;
  }

  private byte[] joined(byte[] bytes) {
    byte[] both = Arrays.copyOf(tail, tail.length + bytes.length);
    System.arraycopy(bytes, 0, both, tail.length, bytes.length);
    return both;
  }

  @Override
  public BitSet allowed() {
    BitSet tokens = new BitSet(vocabulary.size());
    if (state != null) {
      index.fitting(state, tokens);
      return tokens;
    }
    for (int token = 0; token < vocabulary.size(); token++) {
      tokens.set(token, allows(token));
    }
    return tokens;
  }

  @Override
  public void accept(int token) {
    if (vocabulary.ends(token)) {
      return;
    }
    byte[] bytes = written(token);
    if (state != null) {
      advance(follow(state, bytes, 0));
      return;
    }
    int after = endOfMark(bytes);
    if (after >= 0) {
      tail = new byte[0];
      advance(follow(start, bytes, after));
    } else {
      byte[] both = joined(bytes);
      tail = Arrays.copyOfRange(both, Math.max(0, both.length - mark.length + 1), both.length);
    }
  }

  private void advance(Matcher.@Nullable State next) {
    boolean over = next == null || next.ways().isEmpty();
    state = over ? null : next;
    finished |= over && once;
  }

  @Override
  public boolean finished() {
    return finished;
  }
}
