package antiphon.engines.embedded.chat;

/** A chat template cannot be rendered, or refuses the conversation in its own words. */
public final class TemplateException extends Exception {

  private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }
}
