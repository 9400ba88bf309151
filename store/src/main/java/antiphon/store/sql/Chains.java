package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.ChainLink;
import java.sql.SQLException;
import java.util.List;

/** Chains of responses, each stored once and found by reference. */
final class Chains {

  /**
   * The whole chain in one statement, however long it is. CROSS JOIN tells SQLite, which knows
   * nothing of the tables' sizes, to begin on the left.
   */
  private static final String CHAIN =
      """
      WITH RECURSIVE chain (depth, row_id) AS (
        SELECT 0, r.row_id FROM responses r WHERE ${this}
        UNION ALL
        SELECT t.depth + 1, (SELECT i.row_id FROM responses i
                             WHERE i.tenant = ? AND i.end_user = ? AND i.id = r.previous)
        FROM chain t CROSS JOIN responses r
        WHERE r.row_id = t.row_id AND r.deleted_at IS NULL AND r.previous IS NOT NULL
      )
      SELECT r.id, r.status, b.input, b.snapshot
      FROM chain t CROSS JOIN responses r CROSS JOIN bodies b
      WHERE r.row_id = t.row_id AND b.row_id = t.row_id AND r.deleted_at IS NULL
      ORDER BY t.depth DESC
      """
          .replace("${this}", Rows.IS_THIS);

  private Chains() {}

  /** The chain that ends in this response, oldest first. */
  static List<ChainLink> chain(Session session, ResponseId id) throws SQLException {
    String tenant = id.owner().tenant();
    String endUser = Rows.endUser(id.owner());
    return session.list(
        row ->
            new ChainLink(
                row.getString(1),
                Rows.status(row.getString(2)),
                Packed.unpack(row.getBytes(3)),
                Packed.unpackNullable(row.getBytes(4))),
        CHAIN,
        tenant,
        endUser,
        id.value(),
        tenant,
        endUser);
  }
}
