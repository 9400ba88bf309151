package antiphon.store.sql.response;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Portions;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.jdbc.Window;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private Lists() {}

  public static Optional<Page<StoredResponse>> list(
      Session session, Owner owner, PageRequest request, long maxBytes) throws SQLException {
    List<String> scope = List.of(owner.tenant(), Columns.endUser(owner));
    Optional<Window> window = Window.of(session, PLACE, scope, request);
    if (window.isEmpty()) {
      return Optional.empty();
    }
    List<Portions.Size> found =
        session.list(
            Portions.Size::of,
            window.get().ascending() ? ASCENDING : DESCENDING,
            scope,
            window.get().values(),
            request.limit() + 1);
    List<Portions.Size> wanted = found.subList(0, Math.min(request.limit(), found.size()));
    Some some = new Some(maxBytes);
    Portions.read(session, Rows.LISTED, Rows::listed, wanted, some::take);
    return Optional.of(
        new Page<>(window.get().inOrder(some.data), some.full || found.size() > request.limit()));
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
}
