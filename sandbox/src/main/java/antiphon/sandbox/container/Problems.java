package antiphon.sandbox.container;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.sandbox.SandboxException;
import java.time.Duration;

/** What clients are told. */
final class Problems {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int LONGEST = 100;

  private Problems() {}

  /** The same for what is not there, was deleted, or is somebody else's. */
  static Rejected noContainer(String id) {
    return notFound("Container with id '" + shown(id) + "' not found.", "container_id");
  }

  static Rejected noFile(String id) {
    return notFound("No such file in the container: " + shown(id), "file_id");
  }

  static Rejected expired(String id, String why) {
    return notFound(
        "Container with id '" + shown(id) + "' has expired: " + why + ".", "container_id");
  }

  private static Rejected notFound(String message, String param) {
    return new Rejected(new Problem.NotFound(message, param));
  }

  static Rejected tooMany() {
    return new Rejected(
        new Problem.Overloaded(
            "There are too many containers now. Delete one, or try again later.", SOON));
  }

  static Rejected elsewhere(String id) {
    return new Rejected(
        new Problem.Conflict(
            "Container with id '" + shown(id) + "' lives on another node of this server.",
            "container_id"));
  }

  /** A sandbox's trouble with a file is the client's; any other is ours. */
  static Rejected of(SandboxException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case FILE -> Rejected.invalid("file", "The container cannot do that: " + message + ".");
      case ENDED -> notFound(message, "container_id");
      case UNAVAILABLE -> new Rejected(new Problem.Unavailable(message, SOON));
    };
  }

  static String shown(String id) {
    return id.length() <= LONGEST ? id : id.substring(0, LONGEST) + "…";
  }
}
