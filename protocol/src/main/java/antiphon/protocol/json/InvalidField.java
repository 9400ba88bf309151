package antiphon.protocol.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;

/** Thrown by our own readers; the path to where they stand is added on the way out. */
public final class InvalidField extends DatabindException {

  private static final long serialVersionUID = 1L;

  private final String below;
  private final String form;

  /**
   * @param parser where it was found, null if that is not at hand
   * @param below the field below the place being read, or empty for the place itself
   * @param form the message, with <code>{field}</code> for the quoted path
   */
  public InvalidField(@Nullable JsonParser parser, String below, String form) {
    super(parser, form);
    this.below = below;
    this.form = form;
  }

  String param(String path) {
    if (below.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? below : path + "." + below;
  }

  String text(String path) {
    String param = param(path);
    return form.replace("{field}", param.isEmpty() ? "the body" : "'" + param + "'");
  }
}
