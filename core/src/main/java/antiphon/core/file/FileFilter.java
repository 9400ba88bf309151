package antiphon.core.file;

import org.jspecify.annotations.Nullable;

/**
 * Which files of a list; null for all.
 *
 * @param sha256 lower-case hex
 */
public record FileFilter(@Nullable FilePurpose purpose, @Nullable String sha256) {}
