package antiphon.core.key;

import antiphon.core.response.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param owner of what the call makes and sees
 * @param keyId the id of the key that it came with, {@code key_…}
 * @param rights what that key allows
 */
public record Principal(Owner owner, String keyId, KeyRights rights) {

  /** The same key, used for one of its tenant's end users; for none if null. */
  public Principal actingFor(@Nullable String endUser) {
    return new Principal(new Owner(owner.tenant(), endUser), keyId, rights);
  }
}
