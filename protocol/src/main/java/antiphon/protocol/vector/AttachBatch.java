package antiphon.protocol.vector;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /vector_stores/{id}/file_batches}. */
public record AttachBatch(
    @Nullable List<String> fileIds,
    @Nullable List<AttachFile> files,
    @Nullable Map<String, JsonNode> attributes,
    @Nullable ChunkingStrategy chunkingStrategy,
    @Nullable Boolean skipDuplicates) {}
