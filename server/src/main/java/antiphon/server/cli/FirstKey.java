package antiphon.server.cli;

import antiphon.core.api.Keys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The key that a new server begins with. */
final class FirstKey {

  private static final String TENANT = "default";

  private FirstKey() {}

  /**
   * Takes the environment's {@code ANTIPHON_API_KEY} as a key of the first tenant, or makes one if
   * there is none at all.
   *
   * @return the key that was made and is to be shown, or null
   */
  static Keys.@Nullable NewKey of(Keys keys, Map<String, String> environment) {
    String given = environment.getOrDefault("ANTIPHON_API_KEY", "").strip();
    if (!given.isEmpty()) {
      keys.adopt(TENANT, "from ANTIPHON_API_KEY", given);
      return null;
    }
    boolean some = keys.list().stream().anyMatch(key -> key.revokedAt() == null);
    return some ? null : keys.create(TENANT, "made at the first start");
  }
}
