package antiphon.http.route;

import antiphon.core.api.Keys;
import antiphon.core.key.Principal;
import antiphon.core.key.Scope;
import antiphon.core.response.Owner;
import antiphon.http.error.Refusal;
import java.util.function.Function;

/**
 * Who makes a call, and the key that it came with.
 *
 * @param principal who, and what the key allows
 * @param watching tells when that key is revoked, as {@link Keys#watch}
 */
public record Caller(Principal principal, Function<Runnable, Keys.Watch> watching) {

  /** Of what the call makes and sees. */
  public Owner owner() {
    return principal.owner();
  }

  /**
   * Makes sure that the key allows this.
   *
   * @throws Refusal 403 if it does not
   */
  public void require(Scope needed) {
    if (!principal.rights().allows(needed)) {
      throw Refusal.missingScope(needed.toString());
    }
  }

  /** As {@link Keys#watch}. */
  public Keys.Watch watch(Runnable whenRevoked) {
    return watching.apply(whenRevoked);
  }
}
