package antiphon.store.sql;

import antiphon.core.response.Owner;
import antiphon.core.vector.VectorPermissions;
import antiphon.core.vector.VectorStoreId;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.vector.VectorRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Grants on vector stores in a SQL database; an empty user is the team. */
final class SqlVectorPermissions implements VectorPermissions {

  private static final String STORE =
      " FROM vector_stores t WHERE t.tenant = ? AND t.end_user = ? AND t.id = ? AND NOT t.deleted";

  private static final String ROW = "SELECT t.row_id" + STORE;

  /** The caller's own are no grants. */
  private static final String GRANTED =
      """
      SELECT t.tenant, t.end_user, t.id, p.role
      FROM vector_permissions p JOIN vector_stores t ON t.row_id = p.store_row
      WHERE p.tenant = ? AND p.store_id = ? AND p.user_id IN ('', ?)
        AND t.end_user <> ? AND NOT t.deleted
      """;

  private static final String LIST =
      "SELECT user_id, role FROM vector_permissions WHERE store_row IN (SELECT t.row_id"
          + STORE
          + ") ORDER BY user_id";

  private static final String COUNT =
      "SELECT count(*) FROM vector_permissions WHERE store_row = ? AND user_id <> ?";

  private static final String GRANT =
      """
      INSERT INTO vector_permissions (store_row, user_id, tenant, store_id, role)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (store_row, user_id) DO UPDATE SET role = EXCLUDED.role
      """;

  private static final String REVOKE =
      "DELETE FROM vector_permissions WHERE user_id = ? AND store_row IN (SELECT t.row_id"
          + STORE
          + ")";

  private final Database database;

  SqlVectorPermissions(Database database) {
    this.database = database;
  }

  private static String column(@Nullable String user) {
    return user == null ? "" : user;
  }

  private static Role role(String word) {
    return word.equals(Role.WRITER.wire()) ? Role.WRITER : Role.READER;
  }

  @Override
  public Optional<Granted> granted(Owner caller, String storeId) {
    String user = Columns.endUser(caller);
    return database
        .read(
            "granted vector store",
            s ->
                s.list(
                    SqlVectorPermissions::granted, GRANTED, caller.tenant(), storeId, user, user))
        .stream()
        .max(Comparator.comparing(Granted::role));
  }

  private static Granted granted(ResultSet row) throws SQLException {
    return new Granted(
        new VectorStoreId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        role(row.getString(4)));
  }

  @Override
  public List<Grant> list(VectorStoreId store) {
    return database.read(
        "permissions of a vector store",
        s -> s.list(SqlVectorPermissions::grant, LIST, VectorRows.key(store)));
  }

  private static Grant grant(ResultSet row) throws SQLException {
    String user = row.getString(1);
    return new Grant(user.isEmpty() ? null : user, role(row.getString(2)));
  }

  @Override
  public Granting grant(VectorStoreId store, Grant grant) {
    database.requireWrite("grant a permission");
    return database.writeAlone(
        "grant a permission",
        s -> {
          Optional<Long> row = s.first(found -> found.getLong(1), ROW, VectorRows.key(store));
          if (row.isEmpty()) {
            return Granting.NO_STORE;
          }
          String user = column(grant.user());
          if (s.first(found -> found.getInt(1), COUNT, row.get(), user).orElse(0) >= MOST) {
            return Granting.TOO_MANY;
          }
          s.update(
              GRANT, row.get(), user, store.owner().tenant(), store.value(), grant.role().wire());
          return Granting.GRANTED;
        });
  }

  @Override
  public boolean revoke(VectorStoreId store, @Nullable String user) {
    database.requireWrite("revoke a permission");
    return database.writeAlone(
        "revoke a permission", s -> s.update(REVOKE, column(user), VectorRows.key(store)) > 0);
  }
}
