package antiphon.core.key;

import antiphon.core.queue.Rank;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.ServiceTier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a key allows.
 *
 * @param scopes what may be called; empty for all
 * @param maxTier the first tier in the queue that a response may ask for: {@code priority} for any
 */
public record KeyRights(Set<Scope> scopes, ServiceTier maxTier) {

  /** Everything. */
  public static final KeyRights ALL = new KeyRights(Set.of(), ServiceTier.PRIORITY);

  public KeyRights {
    scopes = Set.copyOf(scopes);
  }

  /** Whether a call that needs this scope may be made. */
  public boolean allows(Scope needed) {
    return scopes.isEmpty() || scopes.stream().anyMatch(scope -> scope.covers(needed));
  }

  /**
   * Makes sure that a request asks for no tier that is denied.
   *
   * @throws Rejected if it does
   */
  public void check(CreateResponse request) {
    AskedTier asked = request.serviceTier();
    ServiceTier tier = asked == null ? ServiceTier.AUTO : asked.tier();
    if (Rank.of(tier).number() >= Rank.of(maxTier).number()) {
      return;
    }
    throw new Rejected(
        new Problem.Forbidden(
            "This API key may not use the service tier '%s'; the highest it may is '%s'."
                .formatted(tier.wire(), maxTier.wire()),
            "service_tier",
            "service_tier_not_allowed"));
  }

  /** The scopes as they are written, with a space between them; empty for all. */
  public String written() {
    return scopes.stream()
        .map(Scope::toString)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(" "));
  }

  /** Reads {@link #written}. */
  public static Set<Scope> scopes(String written) {
    return written.isBlank()
        ? Set.of()
        : Arrays.stream(written.strip().split(" +"))
            .map(Scope::of)
            .collect(Collectors.toUnmodifiableSet());
  }
}
