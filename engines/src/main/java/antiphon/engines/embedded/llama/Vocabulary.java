package antiphon.engines.embedded.llama;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a model: the bytes each stands for, and which of them are signs to the model. */
public final class Vocabulary {

  private static final int UNKNOWN = 1;
  private static final int CONTROL = 1 << 3;
  private static final int USER_DEFINED = 1 << 4;
  private static final int LSTRIP = 1 << 7;
  private static final int RSTRIP = 1 << 8;

  private final byte[][] texts;
  private final int[] attributes;
  private final boolean[] ends;
  private final int bos;
  private final int eos;
  private final boolean addsBos;
  private final List<Special> specials;

  /**
   * A token that the tokenizer knows by its whole text, wherever it stands.
   *
   * @param token its number
   * @param text how it is written
   * @param stripsLeft whether it swallows white space before it
   * @param stripsRight whether it swallows white space after it
   */
  public record Special(int token, String text, boolean stripsLeft, boolean stripsRight) {}

  Vocabulary(byte[][] texts, int[] attributes, boolean[] ends, int bos, int eos, boolean addsBos) {
    this.texts = texts;
    this.attributes = attributes;
    this.ends = ends;
    this.bos = bos;
    this.eos = eos;
    this.addsBos = addsBos;
    List<Special> found = new ArrayList<>();
    for (int token = 0; token < texts.length; token++) {
      if ((attributes[token] & (CONTROL | USER_DEFINED | UNKNOWN)) != 0
          && texts[token].length > 0) {
        found.add(
            new Special(
                token,
                new String(texts[token], StandardCharsets.UTF_8),
                (attributes[token] & LSTRIP) != 0,
                (attributes[token] & RSTRIP) != 0));
      }
    }
    this.specials = List.copyOf(found);
  }

  /** How many tokens there are. */
  public int size() {
    return texts.length;
  }

  /** The bytes this token stands for in a text; none for a control token. Not to be changed. */
  public byte[] bytes(int token) {
    return isControl(token) ? NOTHING : texts[token];
  }

  private static final byte[] NOTHING = {};

  /** How this token is written, control tokens too. */
  public String written(int token) {
    return token < 0 ? "" : new String(texts[token], StandardCharsets.UTF_8);
  }

  /** Whether the token is a sign to the model and no text. */
  public boolean isControl(int token) {
    return (attributes[token] & (CONTROL | UNKNOWN)) != 0;
  }

  /** Whether the model ends its turn with this token. */
  public boolean ends(int token) {
    return ends[token];
  }

  /** The token that begins every text, -1 if the model has none. */
  public int bos() {
    return bos;
  }

  /** The token that ends every text, -1 if the model has none. */
  public int eos() {
    return eos;
  }

  /** Whether a prompt is to begin with {@link #bos}. */
  public boolean addsBos() {
    return addsBos;
  }

  /** The tokens that are known by their whole text. */
  public List<Special> specials() {
    return specials;
  }
}
