package antiphon.store.sql.response;

import antiphon.core.queue.Rank;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.trace.TraceParent;
import java.util.List;

/** The columns of new rows, and their values. */
public final class InsertColumns {

  /** A row's columns and values; takes {@link #values}. */
  static final String ROW =
      """
      (tenant, end_user, id, status, background, epoch, node, lease_until, tier_rank, queue,
        model, previous, next_sequence, created_at, brief, traceparent)
      VALUES (?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN NULL ELSE ${now} + ? END, ?, ?, ?,
        NULLIF(?, ''), ?, ?, ?, NULLIF(?, ''))
      """;

  /** A foreground row that is inserted as it is after its end; takes {@link #endedValues}. */
  static final String ENDED_ROW =
      """
      (tenant, end_user, id, status, background, epoch, node, tier_rank, queue, model,
        previous, next_sequence, created_at, completed_at, traceparent, input_tokens,
        cached_tokens, cache_write_tokens, output_tokens, reasoning_tokens, total_tokens)
      VALUES (?, ?, ?, ?, FALSE, ?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?,
        ?, ?)
      """;

  /** The epoch of a response that runs from its insert on. */
  static final long FOREGROUND_EPOCH = 1;

  private InsertColumns() {}

  static List<Object> values(NewResponse response) {
    boolean background = response.background();
    String previous = response.previous();
    return List.of(
        Rows.key(response.id()),
        background ? "queued" : "in_progress",
        background,
        background ? 0L : FOREGROUND_EPOCH,
        background ? "" : response.node(),
        background,
        response.lease().toMillis(),
        Rank.of(response.tier()).number(),
        response.queue(),
        response.model(),
        previous == null ? "" : previous,
        (long) response.events().size(),
        response.createdAt(),
        response.brief(),
        traceparent(response));
  }

  private static String traceparent(NewResponse response) {
    TraceParent trace = response.trace();
    return trace == null ? "" : trace.header();
  }

  static List<Object> endedValues(NewResponse response, Ending ending) {
    String previous = response.previous();
    return List.of(
        Rows.key(response.id()),
        ending.status().wire(),
        FOREGROUND_EPOCH,
        response.node(),
        Rank.of(response.tier()).number(),
        response.queue(),
        response.model(),
        previous == null ? "" : previous,
        (long) ending.events().size(),
        response.createdAt(),
        ending.completedAt(),
        traceparent(response),
        Rows.values(ending.usage()));
  }
}
