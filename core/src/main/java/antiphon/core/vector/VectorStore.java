package antiphon.core.vector;

import antiphon.protocol.vector.FileCounts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vector store. Times are in milliseconds since 1970.
 *
 * @param row its number in this database, never used again
 * @param expiresDays after {@code lastActiveAt}; null for never
 * @param embeddingModel whose vectors it has: all of them are one model's
 * @param usageBytes of all its files' chunks
 * @param version grows with every change of what can be found in it
 * @param floor an index that has seen no version from here on has to begin anew
 */
public record VectorStore(
    VectorStoreId id,
    long row,
    @Nullable String name,
    @Nullable String description,
    Map<String, String> metadata,
    @Nullable Integer expiresDays,
    String embeddingModel,
    int dimensions,
    long createdAt,
    long lastActiveAt,
    long usageBytes,
    FileCounts counts,
    long version,
    long floor) {

  private static final long DAY = 24L * 60 * 60 * 1000;

  public VectorStore {
    metadata = Map.copyOf(metadata);
  }

  /** When it goes by itself; null for never. */
  public @Nullable Long expiresAt() {
    return expiresDays == null ? null : lastActiveAt + expiresDays * DAY;
  }

  /** Whether its time is over at this moment. */
  public boolean expired(long now) {
    Long at = expiresAt();
    return at != null && at <= now;
  }

  /** What it is as it is made. */
  public record Fresh(
      VectorStoreId id,
      @Nullable String name,
      @Nullable String description,
      Map<String, String> metadata,
      @Nullable Integer expiresDays,
      String embeddingModel,
      int dimensions) {}

  /** What can be changed of it, as it is to be. */
  public record Settings(
      @Nullable String name,
      @Nullable String description,
      Map<String, String> metadata,
      @Nullable Integer expiresDays) {}
}
