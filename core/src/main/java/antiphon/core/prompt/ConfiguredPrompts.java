package antiphon.core.prompt;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The prompts that come with the configuration: every tenant may use them, nobody changes them. */
public final class ConfiguredPrompts {

  /** A server without any. */
  public static final ConfiguredPrompts NONE = new ConfiguredPrompts(Map.of());

  private final Map<String, NavigableMap<Integer, StoredVersion>> prompts;

  /**
   * @param prompts the versions by the prompt's id; each has at least one
   */
  public ConfiguredPrompts(Map<String, List<StoredVersion>> prompts) {
    this.prompts = new TreeMap<>();
    prompts.forEach((id, versions) -> {
      NavigableMap<Integer, StoredVersion> numbered = new TreeMap<>();
      versions.forEach(version -> numbered.put(version.number(), version));
      this.prompts.put(id, numbered);
    });
  }

  /** Whether there is one with this id. */
  boolean has(String id) {
    return prompts.containsKey(id);
  }

  /** A version; the newest one is the active one. */
  Optional<StoredVersion> version(String id, @Nullable Integer number) {
    NavigableMap<Integer, StoredVersion> versions = prompts.get(id);
    if (versions == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        number == null ? versions.lastEntry().getValue() : versions.get(number));
  }
}
