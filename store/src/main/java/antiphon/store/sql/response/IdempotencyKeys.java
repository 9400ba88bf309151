package antiphon.store.sql.response;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Keyed;
import antiphon.core.store.NewResponse;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;

/** Which response an owner's key has made. */
public final class IdempotencyKeys {

  /** Whoever comes second waits here until the first has committed or given up. */
  private static final String TAKE =
      """
      INSERT INTO idempotency_keys (tenant, end_user, idempotency_key, request_hash, id)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (tenant, end_user, idempotency_key) DO NOTHING
      """;

  private static final String FIND =
      """
      SELECT id, request_hash, problem FROM idempotency_keys
      WHERE tenant = ? AND end_user = ? AND idempotency_key = ?
      """;

  private static final String KEEP_PROBLEM =
      """
      UPDATE idempotency_keys SET problem = ?
      WHERE tenant = ? AND end_user = ? AND idempotency_key = ? AND id = ?
      """;

  private IdempotencyKeys() {}

  public static int keepProblem(Session session, ResponseId id, String key, byte[] problem)
      throws SQLException {
    Owner owner = id.owner();
    return session.update(
        KEEP_PROBLEM, problem, owner.tenant(), Columns.endUser(owner), key, id.value());
  }

  public static Optional<Keyed> insert(
      Session session, HotPath path, NewResponse response, String key, byte[] hash)
      throws SQLException {
    Owner owner = response.id().owner();
    String id = response.id().value();
    while (session.update(TAKE, owner.tenant(), Columns.endUser(owner), key, hash, id) == 0) {
      Optional<Keyed> taken = find(session, owner, key);
      if (taken.isPresent()) {
        // Our own, where the answer to an earlier try was lost.
        return taken.filter(keyed -> !keyed.id().equals(response.id()));
      }
    }
    Inserts.insert(session, path, response);
    return Optional.empty();
  }

  public static Optional<Keyed> find(Session session, Owner owner, String key) throws SQLException {
    return session.first(
        row -> new Keyed(new ResponseId(owner, row.getString(1)), row.getBytes(2), row.getBytes(3)),
        FIND,
        owner.tenant(),
        Columns.endUser(owner),
        key);
  }
}
