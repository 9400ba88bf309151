package antiphon.protocol.vector;

import org.jspecify.annotations.Nullable;

/**
 * How results are ranked.
 *
 * @param ranker {@code none} for vectors alone
 * @param scoreThreshold 0 to 1
 */
public record RankingOptions(@Nullable String ranker, @Nullable Double scoreThreshold) {}
