package antiphon.engines.embedded.gguf;

import java.io.IOException;

/** A file is not a whole GGUF file, or one that this engine cannot run. */
public final class GgufException extends IOException {

  private static final long serialVersionUID = 1L;

  public GgufException(String message) {
    super(message);
  }
}
