package antiphon.store.sql.jdbc;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    Optional<Window> window = Window.of(session, place, scope, request);
    if (window.isEmpty()) {
      return Optional.empty();
    }
    String order =
        window.get().ascending()
            ? "ORDER BY t.created_at, t.id LIMIT ?"
            : "ORDER BY t.created_at DESC, t.id DESC LIMIT ?";
    List<T> found =
        session.list(
            mapper,
            rows + WINDOW + order,
            scope,
            values,
            window.get().values(),
            request.limit() + 1);
    List<T> wanted = new ArrayList<>(found.subList(0, Math.min(request.limit(), found.size())));
    return Optional.of(new Page<>(window.get().inOrder(wanted), found.size() > request.limit()));
  }
}
