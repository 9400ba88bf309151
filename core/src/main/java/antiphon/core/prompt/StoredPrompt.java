package antiphon.core.prompt;

import org.jspecify.annotations.Nullable;

/**
 * A prompt as it is kept, without its templates.
 *
 * @param metadata a JSON object
 * @param createdAt in milliseconds since 1970, as {@code updatedAt}
 */
public record StoredPrompt(
    PromptId id,
    String name,
    @Nullable String description,
    byte[] metadata,
    int activeVersion,
    int latestVersion,
    long createdAt,
    long updatedAt) {

  /** What can be changed of it. */
  public Details details() {
    return new Details(name, description, metadata);
  }

  /** What can be changed of a prompt. */
  public record Details(String name, @Nullable String description, byte[] metadata) {}
}
