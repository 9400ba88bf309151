package antiphon.core.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container that somebody wants.
 *
 * @param name for people
 * @param idleMinutes after which it expires unused; null for the usual
 * @param memory in bytes; null for the usual
 * @param fileIds uploaded files of the owner's that are copied into it
 */
public record NewContainer(
    String name, @Nullable Integer idleMinutes, @Nullable Long memory, List<String> fileIds) {
  public NewContainer {
    fileIds = List.copyOf(fileIds);
  }
}
