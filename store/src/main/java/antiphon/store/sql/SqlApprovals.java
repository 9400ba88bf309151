package antiphon.store.sql;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.tool.Approvals;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.time.InstantSource;

/** Used-up leave in a SQL database: the first response that takes it has it. */
final class SqlApprovals implements Approvals {

  private static final String TAKE =
      """
      INSERT INTO approvals (tenant, end_user, id, response, taken_at)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (tenant, end_user, id) DO NOTHING
      """;

  private static final String FIND =
      """
      SELECT response FROM approvals
      WHERE tenant = ? AND end_user = ? AND id = ?
      """;

  private static final String EXPIRE =
      """
      DELETE FROM approvals WHERE (tenant, end_user, id) IN (
        SELECT a.tenant, a.end_user, a.id FROM approvals a
        WHERE a.taken_at < ${now} - ? ORDER BY a.taken_at LIMIT ?)
      """;

  private final Database database;
  private final InstantSource clock;

  SqlApprovals(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public boolean take(ResponseId response, String approval) {
    return database.writeAlone("take approval", session -> take(session, response, approval));
  }

  private boolean take(Session session, ResponseId response, String approval) throws SQLException {
    Owner owner = response.owner();
    String endUser = Columns.endUser(owner);
    return session.update(TAKE, owner.tenant(), endUser, approval, response.value(), clock.millis())
            > 0
        || session
            .first(row -> row.getString(1), FIND, owner.tenant(), endUser, approval)
            .filter(response.value()::equals)
            .isPresent();
  }

  /** Removes what was taken longer ago than this, in milliseconds. */
  static int purge(Session session, long age, int batch) throws SQLException {
    return session.update(EXPIRE, age, batch);
  }
}
