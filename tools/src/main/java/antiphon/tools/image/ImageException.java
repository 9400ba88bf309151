package antiphon.tools.image;

/** No image was made. The message is for the model. */
final class ImageException extends Exception {

  private static final long serialVersionUID = 1L;

  ImageException(String message) {
    super(message);
  }

  /** Never null: it was given one. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
