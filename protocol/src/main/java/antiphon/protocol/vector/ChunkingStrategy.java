package antiphon.protocol.vector;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How files are cut into chunks.
 *
 * @param type {@code auto} or {@code static}
 * @param sizes for {@code static} alone
 */
public record ChunkingStrategy(
    @Required String type, @JsonProperty("static") @Nullable Sizes sizes) {

  /** In tokens. */
  public record Sizes(@Required Integer maxChunkSizeTokens, @Required Integer chunkOverlapTokens) {}
}
