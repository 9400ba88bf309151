package antiphon.core.vector;

import antiphon.core.file.FileId;

/**
 * A file that is to be indexed, by who has claimed it.
 *
 * @param row of the file in its store
 * @param epoch of the claim: an older one can write nothing any more
 * @param attempts how often it has been claimed, with this time
 */
public record IndexJob(
    VectorStoreId store,
    long storeRow,
    String embeddingModel,
    FileId file,
    long row,
    long epoch,
    int attempts,
    Chunking chunking) {}
