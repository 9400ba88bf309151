package antiphon.core.file;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a file.
 *
 * @param id whose, and its name on the wire
 * @param filename as it was uploaded, without a path
 * @param bytes how long it is
 * @param sha256 of its bytes, lower-case hex
 * @param blob where its bytes are, see {@link BlobStore}
 * @param contentType its media type
 * @param createdAt in milliseconds since 1970
 * @param expiresAt the same; null for never
 */
public record StoredFile(
    FileId id,
    String filename,
    FilePurpose purpose,
    long bytes,
    String sha256,
    String blob,
    String contentType,
    long createdAt,
    @Nullable Long expiresAt) {}
