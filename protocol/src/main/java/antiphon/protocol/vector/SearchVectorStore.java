package antiphon.protocol.vector;

import antiphon.protocol.json.Required;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /vector_stores/{id}/search}.
 *
 * @param query a text or a list of them
 * @param rewriteQuery taken, and without effect: the words are searched for as they are
 */
public record SearchVectorStore(
    @Required JsonNode query,
    @Nullable JsonNode filters,
    @Nullable Integer maxNumResults,
    @Nullable RankingOptions rankingOptions,
    @Nullable Boolean rewriteQuery) {}
