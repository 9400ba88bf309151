package antiphon.store.sql;

import antiphon.core.agent.AgentStore;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Open calls of agents in a SQL database. */
final class SqlAgentStore implements AgentStore {

  private static final String BEGIN =
      """
      INSERT INTO agent_calls (tenant, end_user, item, parent, begun_at)
      VALUES (?, ?, ?, ?, ${now})
      ON CONFLICT (tenant, end_user, item) DO NOTHING
      """;

  private static final String DONE =
      "DELETE FROM agent_calls WHERE tenant = ? AND end_user = ? AND item = ?";

  /** A parent that is gone has ended. */
  private static final String DUE =
      """
      SELECT a.tenant, a.end_user, a.item, a.parent, ${now} - a.begun_at,
        p.row_id IS NULL OR p.completed_at IS NOT NULL, c.id, c.completed_at IS NOT NULL
      FROM agent_calls a
      LEFT JOIN responses p
        ON p.tenant = a.tenant AND p.end_user = a.end_user AND p.id = a.parent
      LEFT JOIN idempotency_keys k
        ON k.tenant = a.tenant AND k.end_user = a.end_user
          AND k.idempotency_key = 'agent:' || a.item
      LEFT JOIN responses c
        ON c.tenant = k.tenant AND c.end_user = k.end_user AND c.id = k.id
      WHERE p.row_id IS NULL OR p.completed_at IS NOT NULL OR c.completed_at IS NOT NULL
      LIMIT ?
      """;

  private final Database database;

  SqlAgentStore(Database database) {
    this.database = database;
  }

  private static List<Object> key(Owner owner, String item) {
    return List.of(owner.tenant(), Columns.endUser(owner), item);
  }

  @Override
  public void begin(ResponseId parent, String item) {
    database.requireWrite("begin agent");
    var _ =
        database.writeAlone(
            "begin agent", s -> s.update(BEGIN, key(parent.owner(), item), parent.value()));
  }

  @Override
  public void done(ResponseId parent, String item) {
    var _ = database.writeAlone("end agent", s -> s.update(DONE, key(parent.owner(), item)));
  }

  @Override
  public List<Open> due(int limit) {
    return database.read("open agents", s -> s.list(SqlAgentStore::open, DUE, limit));
  }

  private static Open open(ResultSet row) throws SQLException {
    Owner owner = Columns.owner(row.getString(1), row.getString(2));
    String child = row.getString(7);
    return new Open(
        new ResponseId(owner, row.getString(4)),
        row.getString(3),
        row.getBoolean(6),
        child == null ? null : new ResponseId(owner, child),
        row.getBoolean(8),
        row.getLong(5));
  }
}
