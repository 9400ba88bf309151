package antiphon.http.wire;

import org.jspecify.annotations.Nullable;

/** HTTP itself forbids it: no key, no such path, wrong method, wrong type, too much. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable String code;

  /**
   * @param status of the 4xx kind
   */
  public Refused(int status, String message, @Nullable String code) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  @Nullable String code() {
    return code;
  }
}
