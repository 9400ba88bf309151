package antiphon.store.sql;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Lists as parameters of a statement. */
final class Json {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  static String text(List<?> values) {
    return MAPPER.writeValueAsString(values);
  }
}
