package antiphon.engines.llamacpp;

/** llama.cpp's server is not here and cannot be had; the message says what to install. */
public final class ProgramUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  ProgramUnavailable(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
