package antiphon.protocol.content;

import antiphon.protocol.json.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely a token was.
 *
 * @param bytes the token's UTF-8 bytes, 0 to 255 each
 * @param topLogprobs the likeliest tokens at its place
 */
public record LogProb(
    @Required String token,
    @Required Double logprob,
    List<Integer> bytes,
    List<TopLogProb> topLogprobs) {

  /** The mapper gives null for what was left out. */
  public LogProb(
      String token,
      Double logprob,
      @Nullable List<Integer> bytes,
      @Nullable List<TopLogProb> topLogprobs) {
    this.token = token;
    this.logprob = logprob;
    this.bytes = bytes == null ? List.of() : List.copyOf(bytes);
    this.topLogprobs = topLogprobs == null ? List.of() : List.copyOf(topLogprobs);
  }
}
