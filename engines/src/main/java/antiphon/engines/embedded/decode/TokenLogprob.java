package antiphon.engines.embedded.decode;

import java.util.List;

/**
 * How likely a token of the text was.
 *
 * @param token its number; the vocabulary knows its bytes, which may be a part of a character
 * @param logprob its natural log probability in the model's own word, before penalties and grammar
 * @param top the likeliest tokens at its place, likeliest first
 */
public record TokenLogprob(int token, double logprob, List<Alternative> top) {

  public TokenLogprob {
    top = List.copyOf(top);
  }

  /** A token that could have stood there. */
  public record Alternative(int token, double logprob) {}
}
