package antiphon.store.sql.jdbc;

import antiphon.core.store.PageRequest;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list that a page is read from: rows in the order of a moment and an id, behind one
 * place and before another.
 *
 * @param low the place before the first
 * @param high the place behind the last
 * @param ascending how it is read
 * @param backwards whether that is against the order that was asked for, since a page that only
 *     ends somewhere is read from its end
 */
public record Window(Place low, Place high, boolean ascending, boolean backwards) {

  private static final Place OLDEST = new Place(Long.MIN_VALUE, "");
  private static final Place NEWEST = new Place(Long.MAX_VALUE, "");

  /** Where a row is. */
  public record Place(long at, String id) {}

  /**
   * The part that a request asks for.
   *
   * @param place selects a row's moment and id; takes the scope and the id
   * @param scope its values
   * @return empty if {@code after} or {@code before} names no row of the scope
   */
  public static Optional<Window> of(
      Session session, String place, List<?> scope, PageRequest request) throws SQLException {
    boolean descending = request.descending();
    Place first = descending ? NEWEST : OLDEST;
    Place last = descending ? OLDEST : NEWEST;
    Optional<Place> after = find(session, place, scope, request.after(), first);
    Optional<Place> before = find(session, place, scope, request.before(), last);
    if (after.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    boolean backwards = request.after() == null && request.before() != null;
    return Optional.of(
        new Window(
            (descending ? before : after).get(),
            (descending ? after : before).get(),
            descending == backwards,
            backwards));
  }

  private static Optional<Place> find(
      Session session, String place, List<?> scope, @Nullable String id, Place otherwise)
      throws SQLException {
    return id == null
        ? Optional.of(otherwise)
        : session.first(row -> new Place(row.getLong(1), row.getString(2)), place, scope, id);
  }

  /** The moment and id of {@link #low}, then those of {@link #high}, for a statement. */
  public List<Object> values() {
    return List.of(low.at, low.id, high.at, high.id);
  }

  /** What was read, in the order that was asked for. */
  public <T> List<T> inOrder(List<T> read) {
    return backwards ? read.reversed() : read;
  }
}
