package antiphon.core.engine;

import org.jspecify.annotations.Nullable;

/**
 * A model that an engine can run.
 *
 * @param id the name requests use
 * @param created when it was made or obtained, whole Unix seconds
 * @param ownedBy who made it, for {@code GET /models}
 * @param contextLength in tokens, null if unknown
 */
public record EngineModel(
    String id, long created, String ownedBy, @Nullable Integer contextLength) {}
