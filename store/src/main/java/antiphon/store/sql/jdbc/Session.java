package antiphon.store.sql.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection with the statements prepared on it so far. Used by one thread at a time.
 *
 * <p>Values are strings, longs, integers, booleans, byte arrays and nulls, or lists of these, whose
 * values take consecutive places.
 */
public final class Session implements AutoCloseable {

  /** Makes a value of the row that the result set stands on. */
  @FunctionalInterface
  public interface RowMapper<T> {
    /** The value; columns count from 1. */
    T map(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  public Session(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** All rows. */
  public <T> List<T> list(RowMapper<T> mapper, String sql, @Nullable Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = prepare(sql, values).executeQuery()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  /** The first row, if there is one; for a statement with RETURNING too. */
  public <T> Optional<T> first(RowMapper<T> mapper, String sql, @Nullable Object... values)
      throws SQLException {
    try (ResultSet rows = prepare(sql, values).executeQuery()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    }
  }

  /** What is deleted from now on is overwritten wholly, or as little as usual again. */
  public void overwrite(boolean all) throws SQLException {
    Optional<String> sql = dialect.overwriting(all);
    if (sql.isPresent()) {
      try (Statement statement = connection.createStatement()) {
        boolean _ = statement.execute(sql.get());
      }
    }
  }

  /** Changes rows; how many. */
  public int update(String sql, @Nullable Object... values) throws SQLException {
    return prepare(sql, values).executeUpdate();
  }

  /**
   * Executes a statement once for each row of values, on one journey where the driver can.
   *
   * @return how many rows each of them changed
   */
  public int[] updateAll(String sql, List<List<?>> rows) throws SQLException {
    if (rows.isEmpty()) {
      return new int[0];
    }
    PreparedStatement statement = prepare(sql, new Object[] {rows.getFirst()});
    statement.addBatch();
    for (List<?> values : rows.subList(1, rows.size())) {
      bind(statement, 1, values);
      statement.addBatch();
    }
    return statement.executeBatch();
  }

  /** Whether this transaction has this lock to itself now, until it ends. */
  public boolean tryLock(int lock) throws SQLException {
    return dialect.tryLock(connection, lock);
  }

  public void begin() throws SQLException {
    dialect.begin(connection);
  }

  public void commit() throws SQLException {
    dialect.commit(connection);
  }

  public void rollback() throws SQLException {
    dialect.rollback(connection);
  }

  private PreparedStatement prepare(String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(dialect.translate(sql));
      prepared.put(sql, statement);
    }
    int place = 1;
    for (Object value : values) {
      place = bind(statement, place, value);
    }
    return statement;
  }

  /** Binds a value, or the values of a list one after the other; the next free place. */
  private static int bind(PreparedStatement statement, int place, @Nullable Object value)
      throws SQLException {
    if (value instanceof List<?> several) {
      int next = place;
      for (Object one : several) {
        next = bind(statement, next, one);
      }
      return next;
    }
    bindOne(statement, place, value);
    return place + 1;
  }

  private static void bindOne(PreparedStatement statement, int place, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(place, Types.NULL);
      case String text -> statement.setString(place, text);
      case Long number -> statement.setLong(place, number);
      case Integer number -> statement.setInt(place, number);
      case Boolean truth -> statement.setBoolean(place, truth);
      case byte[] bytes -> statement.setBytes(place, bytes);
      default -> throw new IllegalArgumentException("cannot bind a " + value.getClass());
    }
  }

  /** Closes the connection, or gives it back to its pool, without complaint. */
  public void giveBack() {
    Closing.quietly(this);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
