package antiphon.store.sql.jdbc;

import antiphon.core.response.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Between columns and values that many tables have. */
public final class Columns {

  private Columns() {}

  /** An absent end user is kept as the empty one, which no call can name. */
  public static String endUser(Owner owner) {
    return owner.endUser() == null ? "" : owner.endUser();
  }

  /** Whose row it is. */
  public static Owner owner(String tenant, String endUser) {
    return new Owner(tenant, endUser.isEmpty() ? null : endUser);
  }

  /** A number that may be absent; columns count from 1. */
  public static @Nullable Long nullableLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
