package antiphon.protocol.vector;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /vector_stores}. */
public record CreateVectorStore(
    @Nullable String name,
    @Nullable String description,
    @Nullable List<String> fileIds,
    @Nullable ExpiresAfter expiresAfter,
    @Nullable ChunkingStrategy chunkingStrategy,
    @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, String> metadata,
    @Nullable String embeddingModel,
    @Nullable Integer embeddingDimensions,
    @Nullable String retrievalMode,
    @Nullable String extractionModel,
    @Nullable Integer maxHops) {}
