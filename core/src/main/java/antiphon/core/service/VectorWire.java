package antiphon.core.service;

import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.FileBatch;
import antiphon.core.vector.Searching.Found;
import antiphon.core.vector.VectorStore;
import antiphon.protocol.vector.ChunkingStrategy;
import antiphon.protocol.vector.ExpiresAfter;
import antiphon.protocol.vector.FileBatchObject;
import antiphon.protocol.vector.FileCounts;
import antiphon.protocol.vector.SearchPage;
import antiphon.protocol.vector.TextContent;
import antiphon.protocol.vector.VectorStoreFileObject;
import antiphon.protocol.vector.VectorStoreObject;
import java.util.List;

/** Vector stores as the wire shows them. */
final class VectorWire {

  private VectorWire() {}

  static VectorStoreObject store(VectorStore store, long now) {
    Integer days = store.expiresDays();
    Long expiresAt = store.expiresAt();
    String status =
        store.expired(now)
            ? "expired"
            : store.counts().inProgress() > 0 ? "in_progress" : "completed";
    return new VectorStoreObject(
        store.id().value(),
        seconds(store.createdAt()),
        store.name(),
        store.description(),
        store.usageBytes(),
        store.embeddingModel(),
        store.dimensions(),
        store.counts(),
        status,
        seconds(store.lastActiveAt()),
        store.metadata(),
        days == null ? null : new ExpiresAfter("last_active_at", days),
        expiresAt == null ? null : seconds(expiresAt));
  }

  static VectorStoreFileObject file(AttachedFile file) {
    AttachedFile.Failure error = file.error();
    Integer chunks = file.chunkCount();
    return new VectorStoreFileObject(
        file.fileId(),
        file.usageBytes(),
        seconds(file.createdAt()),
        file.store().value(),
        file.status().wire(),
        error == null
            ? null
            : new VectorStoreFileObject.Failure(error.code().wire(), error.message()),
        file.filename(),
        chunking(file.chunking()),
        chunks,
        chunks == null ? null : Integer.valueOf(file.processedChunks()),
        file.pageCount(),
        file.attributes());
  }

  private static ChunkingStrategy chunking(Chunking chunking) {
    return chunking.auto()
        ? new ChunkingStrategy("auto", null)
        : new ChunkingStrategy(
            "static", new ChunkingStrategy.Sizes(chunking.maxTokens(), chunking.overlapTokens()));
  }

  static FileBatchObject batch(FileBatch batch) {
    FileCounts counts = batch.counts();
    String status =
        batch.cancelled()
            ? "cancelled"
            : counts.inProgress() > 0
                ? "in_progress"
                : counts.total() > 0 && counts.failed() == counts.total() ? "failed" : "completed";
    return new FileBatchObject(
        batch.id(), seconds(batch.createdAt()), batch.store().value(), status, counts);
  }

  static SearchPage.Result result(Found found) {
    return new SearchPage.Result(
        found.file().fileId(),
        found.file().filename(),
        found.score(),
        found.file().attributes(),
        List.of(new TextContent(found.chunk().text())));
  }

  private static long seconds(long millis) {
    return Math.floorDiv(millis, 1000L);
  }
}
