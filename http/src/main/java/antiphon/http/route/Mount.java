package antiphon.http.route;

/** A place where the API is found. Both serve the same; they differ in how streams end. */
public enum Mount {
  /** MKA1's: its client raises on {@code [DONE]}, so streams just close. */
  MKA1("/api/v1/llm", false),
  /** OpenAI's and Open Responses': streams end with {@code data: [DONE]}. */
  OPENAI("/v1", true);

  private final String prefix;
  private final boolean sentinel;

  Mount(String prefix, boolean sentinel) {
    this.prefix = prefix;
    this.sentinel = sentinel;
  }

  /** What the paths begin with. */
  public String prefix() {
    return prefix;
  }

  /** Whether streams end with {@code data: [DONE]}. */
  public boolean sentinel() {
    return sentinel;
  }
}
