package antiphon.core.vector;

import java.util.List;

/**
 * What has changed in a store since a version.
 *
 * @param files those that are completed or deleted now, each as it is now; at most as many as asked
 *     for, the oldest change first
 * @param more whether more have changed
 */
public record Changes(List<AttachedFile> files, boolean more) {}
