package antiphon.protocol.vector;

import antiphon.protocol.json.Required;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A file that is to go into a store: the body of {@code POST /vector_stores/{id}/files}. */
public record AttachFile(
    @Required String fileId,
    @Nullable Map<String, JsonNode> attributes,
    @Nullable ChunkingStrategy chunkingStrategy) {

  /** The body of {@code POST /vector_stores/{id}/files/{file_id}}. */
  public record Attributes(@Required Map<String, JsonNode> attributes) {}
}
