package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one sequence is to do.
 *
 * @param prompt the tokens to go on from
 * @param sampling how to draw
 * @param stops strings that end the text; they do not become part of it
 * @param maxTokens the most tokens to draw, at least 1; the context's end may come first
 * @param exact whether the same request has to give the same text, whatever was read before it;
 *     then what an earlier sequence drew is read anew, see {@link Slot}
 * @param constraint what the text has to keep to; used by this sequence alone
 */
public record GenerationRequest(
    Tokens prompt,
    Sampling sampling,
    List<String> stops,
    int maxTokens,
    boolean exact,
    @Nullable Constraint constraint) {

  public GenerationRequest {
    stops = List.copyOf(stops);
    if (prompt.size() == 0 || maxTokens < 1) {
      throw new IllegalArgumentException("A generation needs a prompt and room for a token.");
    }
  }
}
