package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Portions;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chains of responses, each stored once and found by reference. */
public final class Chains {

  /**
   * The whole chain in one statement, however long it is: which rows, and how large as they are
   * kept. CROSS JOIN tells SQLite, which knows nothing of the tables' sizes, to begin on the left.
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
      SELECT t.row_id, octet_length(b.input) + CASE WHEN b.snapshot IS NULL THEN 0
        ELSE octet_length(b.snapshot) END
        + (SELECT coalesce(sum(octet_length(n.entry)), 0) FROM entries n WHERE n.row_id = t.row_id)
      FROM chain t CROSS JOIN responses r CROSS JOIN bodies b
      WHERE r.row_id = t.row_id AND b.row_id = t.row_id AND r.deleted_at IS NULL
      ORDER BY t.depth DESC
      """
          .replace("${this}", Rows.IS_THIS);

  private static final String LINKS =
      """
      SELECT r.row_id, r.id, r.status, b.input, b.snapshot
      FROM responses r JOIN bodies b ON b.row_id = r.row_id
      WHERE r.row_id IN (${rows}) AND r.deleted_at IS NULL
      """;

  private Chains() {}

  /** The chain that ends in this response, oldest first, if it is not too large. */
  public static Chain chain(Session session, ResponseId id, long maxBytes) throws SQLException {
    String tenant = id.owner().tenant();
    String endUser = Columns.endUser(id.owner());
    List<Portions.Size> sizes =
        session.list(Portions.Size::of, CHAIN, tenant, endUser, id.value(), tenant, endUser);
    // What is packed does not become smaller.
    if (sizes.stream().mapToLong(Portions.Size::bytes).sum() > maxBytes) {
      return new Chain.TooLarge();
    }
    Map<Long, List<byte[]>> entries =
        InnerLogs.packed(session, sizes.stream().map(Portions.Size::rowId).toList());
    Some some = new Some(maxBytes);
    Portions.read(session, LINKS, row -> packed(row, entries), sizes, some::take);
    return some.bytes > maxBytes ? new Chain.TooLarge() : new Chain.Links(some.links);
  }

  private static ChainLink packed(ResultSet row, Map<Long, List<byte[]>> entries)
      throws SQLException {
    return new ChainLink(
        row.getString(2),
        Rows.status(row.getString(3)),
        row.getBytes(4),
        row.getBytes(5),
        entries.getOrDefault(row.getLong(1), List.of()));
  }

  /** Links, unpacked as long as they are not too large together. */
  private static final class Some {
    private final List<ChainLink> links = new ArrayList<>();
    private final long maxBytes;
    private long bytes;

    private Some(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    private boolean take(ChainLink packed) {
      byte[] snapshot = packed.snapshot();
      bytes += Packed.length(packed.input()) + (snapshot == null ? 0 : Packed.length(snapshot));
      bytes += packed.entries().stream().mapToLong(Packed::length).sum();
      if (bytes > maxBytes) {
        return false;
      }
      links.add(
          new ChainLink(
              packed.id(),
              packed.status(),
              Packed.unpack(packed.input()),
              Packed.unpackNullable(snapshot),
              packed.entries().stream().map(Packed::unpack).toList()));
      return true;
    }
  }
}
