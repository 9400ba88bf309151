package antiphon.store.sql.jdbc;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Lists as parameters of a statement. */
public final class Json {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  public static String text(List<?> values) {
    return MAPPER.writeValueAsString(values);
  }
}
