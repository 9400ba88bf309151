package antiphon.store.sql.jdbc;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of rows that have a scope, such as their owner, a moment of creation and an id, in the
 * order of the latter two.
 *
 * @param place selects {@code created_at, id} of a row; takes the scope and the id
 * @param rows selects rows, up to the scope's condition; its columns are the mapper's
 */
public record Paging(String place, String rows) {

  private static final String WINDOW =
      " AND (t.created_at, t.id) > (?, ?) AND (t.created_at, t.id) < (?, ?) ";

  private static final Place OLDEST = new Place(Long.MIN_VALUE, "");
  private static final Place NEWEST = new Place(Long.MAX_VALUE, "");

  private record Place(long createdAt, String id) {}

  /** A page of an owner's rows, see below. */
  public <T> Optional<Page<T>> page(
      Session session,
      Session.RowMapper<T> mapper,
      Owner owner,
      PageRequest request,
      List<?> values)
      throws SQLException {
    return page(session, mapper, List.of(owner.tenant(), Columns.endUser(owner)), request, values);
  }

  /**
   * A page.
   *
   * @param scope its values
   * @param values of the condition behind the scope's
   * @return empty if {@code after} or {@code before} names no row of the scope
   */
  public <T> Optional<Page<T>> page(
      Session session,
      Session.RowMapper<T> mapper,
      List<?> scope,
      PageRequest request,
      List<?> values)
      throws SQLException {
    boolean descending = request.descending();
    Optional<Place> after = place(session, scope, request.after(), descending ? NEWEST : OLDEST);
    Optional<Place> before = place(session, scope, request.before(), descending ? OLDEST : NEWEST);
    if (after.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    // A page that only ends somewhere is read backwards from its end.
    boolean backwards = request.after() == null && request.before() != null;
    Place low = (descending ? before : after).get();
    Place high = (descending ? after : before).get();
    String order =
        descending == backwards
            ? "ORDER BY t.created_at, t.id LIMIT ?"
            : "ORDER BY t.created_at DESC, t.id DESC LIMIT ?";
    List<T> found =
        session.list(
            mapper,
            rows + WINDOW + order,
            scope,
            values,
            low.createdAt(),
            low.id(),
            high.createdAt(),
            high.id(),
            request.limit() + 1);
    List<T> wanted = new ArrayList<>(found.subList(0, Math.min(request.limit(), found.size())));
    return Optional.of(
        new Page<>(backwards ? wanted.reversed() : wanted, found.size() > request.limit()));
  }

  private Optional<Place> place(
      Session session, List<?> scope, @Nullable String id, Place otherwise) throws SQLException {
    if (id == null) {
      return Optional.of(otherwise);
    }
    return session.first(row -> new Place(row.getLong(1), row.getString(2)), place, scope, id);
  }
}
