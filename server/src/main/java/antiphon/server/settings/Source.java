package antiphon.server.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Where settings come from, the file and the environment, and what is wrong in them. */
final class Source {

  /** Names that are shorter than their keys would make them. */
  private static final Map<String, String> SHORT =
      Map.of(
          "server.host", "ANTIPHON_HOST",
          "server.port", "ANTIPHON_PORT",
          "llama_cpp.model", "ANTIPHON_MODEL",
          "llama_cpp.server", "ANTIPHON_LLAMA_SERVER",
          "store.url", "ANTIPHON_STORE",
          "store.signals", "ANTIPHON_SIGNALS");

  private final Map<String, String> environment;
  private final List<Mistake> mistakes = new ArrayList<>();

  Source(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The whole file. */
  Section read(String yaml) {
    try {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setAllowDuplicateKeys(true).build())
              .composeString(yaml);
      return Section.of(this, "", root.orElse(null));
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
      mistakes.add(mistake(mark, "this is no YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      mistakes.add(new Mistake(0, 0, "this is no YAML: " + e.getMessage()));
    }
    return Section.of(this, "", null);
  }

  Map<String, String> environment() {
    return environment;
  }

  /** What the environment says for a key; null if nothing. */
  @Nullable String override(String path) {
    String own = environment.getOrDefault(variable(path), "");
    String brief = environment.getOrDefault(SHORT.getOrDefault(path, ""), "");
    String said = (brief.isBlank() ? own : brief).strip();
    return said.isEmpty() ? null : said;
  }

  /** The environment's name of a key. */
  static String variable(String path) {
    return "ANTIPHON_" + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }

  void mistake(@Nullable Node at, String message) {
    mistakes.add(mistake(at == null ? null : at.getStartMark().orElse(null), message));
  }

  private static Mistake mistake(@Nullable Mark at, String message) {
    return at == null
        ? new Mistake(0, 0, message)
        : new Mistake(at.getLine() + 1, at.getColumn() + 1, message);
  }

  /** All that was found so far, in the file's order. */
  List<Mistake> mistakes() {
    return mistakes.stream().distinct().sorted().toList();
  }

  /** Whether nothing is wrong so far. */
  boolean clean() {
    return mistakes.isEmpty();
  }

  /** A mapping, or null and a mistake where it is something else; an empty value is null alone. */
  @Nullable MappingNode mapping(String path, @Nullable Node node) {
    if (node == null || node instanceof MappingNode || Yaml.isNull(node)) {
      return node instanceof MappingNode mapping ? mapping : null;
    }
    mistake(node, (path.isEmpty() ? "the file" : path) + " must be a mapping of keys to values");
    return null;
  }
}
