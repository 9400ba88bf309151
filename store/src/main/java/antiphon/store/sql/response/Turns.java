package antiphon.store.sql.response;

import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.Turn;
import antiphon.core.store.Keyed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.conversation.ConversationRows;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Responses that write to a conversation take turns. Who gets in line locks the conversation first,
 * so places are committed in their order: whoever sees a place sees all before it.
 */
public final class Turns {

  /** What a claim asks of a waiting row {@code c}: that nobody before it runs or waits. */
  public static final String IS_FIRST =
      """
      (c.conversation IS NULL OR NOT EXISTS (
        SELECT 1 FROM responses o WHERE o.conversation = c.conversation
          AND o.conversation IS NOT NULL AND o.completed_at IS NULL AND o.turn < c.turn))\
      """;

  private static final String TAKE_PLACE =
      "UPDATE conversations AS c SET next_turn = c.next_turn + 1 WHERE "
          + ConversationRows.IS_THIS
          + " RETURNING row_id, next_turn, version";

  private static final String LINE =
      """
      SELECT count(*), min(o.turn) FROM responses o
      WHERE o.conversation = ? AND o.conversation IS NOT NULL AND o.completed_at IS NULL
      """;

  private static final String FIRST =
      """
      SELECT o.id FROM responses o
      WHERE o.conversation = ? AND o.conversation IS NOT NULL AND o.completed_at IS NULL
        AND o.turn = ?
      """;

  private static final String PUT =
      "UPDATE responses AS r SET conversation = ?, turn = ? WHERE " + Rows.IS_THIS;

  private record Place(long conversation, long turn, long version) {
    static Place of(ResultSet row) throws SQLException {
      return new Place(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  private record Line(int count, long first) {}

  private Turns() {}

  /** As {@link ConversationStore#begin}. */
  public static Turn begin(
      Session session,
      HotPath path,
      NewResponse response,
      ConversationId conversation,
      long version,
      @Nullable String key,
      byte[] hash)
      throws SQLException {
    Optional<Rows.Row> there = Rows.findWhole(session, response.id());
    if (there.isPresent() && same(there.get().response(), response)) {
      // Executed before, though nobody learned it.
      return new Turn.Taken();
    }
    Optional<Place> locked =
        session.first(Place::of, TAKE_PLACE, ConversationRows.key(conversation));
    if (locked.isEmpty()) {
      return new Turn.Gone();
    }
    Place place = locked.get();
    if (key != null) {
      Optional<Keyed> before = IdempotencyKeys.find(session, response.id().owner(), key);
      if (before.isPresent()) {
        return new Turn.Before(before.get());
      }
    }
    Line line =
        session
            .first(row -> new Line(row.getInt(1), row.getLong(2)), LINE, place.conversation())
            .orElseThrow();
    boolean full = line.count() > (response.background() ? ConversationStore.MOST_WAITING : 0);
    if (full) {
      return new Turn.Busy(
          session
              .first(row -> row.getString(1), FIRST, place.conversation(), line.first())
              .orElseThrow());
    }
    if (!response.background() && place.version() != version) {
      return new Turn.Changed();
    }
    if (key == null) {
      Inserts.insert(session, path, response);
    } else {
      Optional<Keyed> before = IdempotencyKeys.insert(session, path, response, key, hash);
      if (before.isPresent()) {
        return new Turn.Before(before.get());
      }
    }
    session.update(PUT, place.conversation(), place.turn(), Rows.key(response.id()));
    return new Turn.Taken();
  }

  private static boolean same(StoredResponse there, NewResponse response) {
    return there.createdAt() == response.createdAt();
  }
}
