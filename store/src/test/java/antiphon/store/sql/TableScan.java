package antiphon.store.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at all that a table holds. */
public final class TableScan {

  private TableScan() {}

  /** How many rows have a text in any column. */
  public static int rowsWith(Connection connection, String table, String text) throws SQLException {
    int found = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        boolean has = false;
        for (int i = 1; i <= columns; i++) {
          String value = rows.getString(i);
          has |= value != null && value.contains(text);
        }
        found += has ? 1 : 0;
      }
    }
    return found;
  }
}
