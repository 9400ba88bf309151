package antiphon.protocol.content;

import antiphon.protocol.json.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that could have come.
 *
 * @param bytes the token's UTF-8 bytes, 0 to 255 each
 */
public record TopLogProb(@Required String token, @Required Double logprob, List<Integer> bytes) {

  /** The mapper gives null for what was left out. */
  public TopLogProb(String token, Double logprob, @Nullable List<Integer> bytes) {
    this.token = token;
    this.logprob = logprob;
    this.bytes = bytes == null ? List.of() : List.copyOf(bytes);
  }
}
