package antiphon.store.sql;

import java.sql.SQLException;

/**
 * Watches a store at work. Tests use it to park an operation while another one wins, to let one
 * fail, and to take a guard out of a statement.
 */
public interface Probe {

  /** Watches nothing. */
  Probe NONE = new Probe() {};

  /** Where a write is. */
  enum Point {
    /** On the caller's thread, before it takes its place in the queue. */
    SUBMIT,
    /** On the writer's thread, inside the transaction, before its first statement. */
    EXECUTE,
    /** On the writer's thread, inside the transaction, after its last statement. */
    EXECUTED,
    /** On the writer's thread, after the last write of the group and before the commit. */
    COMMIT,
    /** On the writer's thread, after the commit and before anybody is told. */
    COMMITTED
  }

  /**
   * A write has come this far.
   *
   * @param write its name, {@code append} for example; empty for points that concern a whole group
   * @throws SQLException to make it fail there as the database could
   */
  default void at(Point point, String write) throws SQLException {}

  /** The statement to use instead of this one. */
  default String statement(String sql) {
    return sql;
  }
}
