package antiphon.store.sql.response;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Portions;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of an owner's responses, by the moment of creation and the id. Which there are is asked
 * first, then their bodies are read as far as the page may be large.
 */
public final class Lists {

  private static final String PLACE =
      "SELECT r.created_at, r.id FROM responses r WHERE " + Rows.IS_THIS;

  private static final String PAGE =
      """
      SELECT r.row_id,
        octet_length(b.request) + CASE WHEN b.snapshot IS NULL THEN 0
          ELSE octet_length(b.snapshot) END
      FROM responses r JOIN bodies b ON b.row_id = r.row_id
      WHERE r.tenant = ? AND r.end_user = ? AND r.purge < 2
        AND (r.created_at, r.id) > (?, ?) AND (r.created_at, r.id) < (?, ?)
      """;

  private static final String ASCENDING = PAGE + "ORDER BY r.created_at, r.id LIMIT ?";
  private static final String DESCENDING = PAGE + "ORDER BY r.created_at DESC, r.id DESC LIMIT ?";

  private static final Place OLDEST = new Place(Long.MIN_VALUE, "");
  private static final Place NEWEST = new Place(Long.MAX_VALUE, "");

  private record Place(long createdAt, String id) {}

  private Lists() {}

  public static Optional<Page<StoredResponse>> list(
      Session session, Owner owner, PageRequest request, long maxBytes) throws SQLException {
    boolean descending = request.descending();
    Optional<Place> after = place(session, owner, request.after(), descending ? NEWEST : OLDEST);
    Optional<Place> before = place(session, owner, request.before(), descending ? OLDEST : NEWEST);
    if (after.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    // A page that only ends somewhere is read backwards from its end.
    boolean backwards = request.after() == null && request.before() != null;
    List<Portions.Size> found =
        session.list(
            Portions.Size::of,
            descending == backwards ? ASCENDING : DESCENDING,
            owner.tenant(),
            Columns.endUser(owner),
            (descending ? before : after).get().createdAt(),
            (descending ? before : after).get().id(),
            (descending ? after : before).get().createdAt(),
            (descending ? after : before).get().id(),
            request.limit() + 1);
    List<Portions.Size> wanted = found.subList(0, Math.min(request.limit(), found.size()));
    Some some = new Some(maxBytes);
    Portions.read(session, Rows.LISTED, Rows::listed, wanted, some::take);
    List<StoredResponse> data = backwards ? some.data.reversed() : some.data;
    return Optional.of(new Page<>(data, some.full || found.size() > request.limit()));
  }

  /** Responses as long as they may be together; the first one always may. */
  private static final class Some {
    private final List<StoredResponse> data = new ArrayList<>();
    private final long maxBytes;
    private long bytes;
    private boolean full;

    private Some(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    private boolean take(Rows.Listed listed) {
      bytes += listed.bytes();
      full = bytes > maxBytes && !data.isEmpty();
      if (!full) {
        data.add(listed.response());
      }
      return !full;
    }
  }

  private static Optional<Place> place(
      Session session, Owner owner, @Nullable String id, Place otherwise) throws SQLException {
    if (id == null) {
      return Optional.of(otherwise);
    }
    return session.first(
        row -> new Place(row.getLong(1), row.getString(2)),
        PLACE,
        owner.tenant(),
        Columns.endUser(owner),
        id);
  }
}
