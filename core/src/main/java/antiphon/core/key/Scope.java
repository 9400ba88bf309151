package antiphon.core.key;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a key may do with one kind of resource; written {@code responses.read}.
 *
 * @param resource the kind
 * @param access what may be done; to write is to read as well
 */
public record Scope(Resource resource, Access access) {

  /** The kinds of resource, as the paths of the API begin. */
  public enum Resource {
    RESPONSES,
    CONVERSATIONS,
    PROMPTS,
    FILES,
    VECTOR_STORES,
    CONTAINERS,
    HISTORY,
    MODELS;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What may be done. */
  public enum Access {
    READ,
    WRITE;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if there is no such scope, with a message that says so
   */
  public static Scope of(String text) {
    for (Resource resource : Resource.values()) {
      for (Access access : Access.values()) {
        Scope scope = new Scope(resource, access);
        if (scope.toString().equals(text)) {
          return scope;
        }
      }
    }
    throw new IllegalArgumentException(
        "there is no scope '%s'; there are <resource>.read and <resource>.write of %s"
            .formatted(
                text,
                String.join(", ", Arrays.stream(Resource.values()).map(Resource::word).toList())));
  }

  /**
   * What a path needs.
   *
   * @param pattern of the path below its mount, {@code /responses/{response_id}}
   * @param reads whether the call changes nothing
   * @throws IllegalArgumentException if it belongs to no resource
   */
  public static Scope ofPath(String pattern, boolean reads) {
    return of(pattern.split("/", 3)[1] + (reads ? ".read" : ".write"));
  }

  /** Whether who has this may do what needs that. */
  boolean covers(Scope needed) {
    return resource == needed.resource && (access == Access.WRITE || access == needed.access);
  }

  /** As it is written. */
  @Override
  public String toString() {
    return resource.word() + "." + access.word();
  }
}
