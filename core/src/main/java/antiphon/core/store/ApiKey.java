package antiphon.core.store;

import antiphon.core.key.KeyRights;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: never the key itself.
 *
 * @param id names the key in lists and for {@code revoke}, {@code key_…}
 * @param tenant whose key it is
 * @param label for people
 * @param hash SHA-256 of the key's UTF-8 bytes
 * @param hint the key's last four characters, to recognise it
 * @param rights what it allows
 * @param createdAt milliseconds since 1970
 * @param revokedAt milliseconds since 1970, null while it works
 */
public record ApiKey(
    String id,
    String tenant,
    String label,
    byte[] hash,
    String hint,
    KeyRights rights,
    long createdAt,
    @Nullable Long revokedAt) {}
