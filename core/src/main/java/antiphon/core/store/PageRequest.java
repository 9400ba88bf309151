package antiphon.core.store;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list.
 *
 * @param limit 1 to 100
 * @param descending newest first
 * @param after the id that the page begins behind, in the order asked for; null for the beginning
 * @param before the id that the page ends ahead of; null for no such bound. Without {@code after}
 *     the page holds the entries right ahead of it, still in the order asked for
 */
public record PageRequest(
    int limit, boolean descending, @Nullable String after, @Nullable String before) {}
