package antiphon.core.vector;

import antiphon.protocol.vector.FileCounts;

/**
 * Files that were put into a store together.
 *
 * @param createdAt in milliseconds since 1970
 */
public record FileBatch(
    VectorStoreId store, String id, long createdAt, boolean cancelled, FileCounts counts) {}
