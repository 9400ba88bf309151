package antiphon.server.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;

/**
 * The keys below one key of the configuration file. What is asked for is known; what was never
 * asked for is a mistake when the section is {@linkplain #done done}. A value that cannot stand is
 * a mistake too, and reads as if it were not there, so that all mistakes come to light at once. The
 * environment goes before the file.
 */
final class Section {

  private final Source source;
  private final String path;
  private final @Nullable Node at;
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private Section(Source source, String path, @Nullable Node at, @Nullable MappingNode node) {
    this.source = source;
    this.path = path;
    this.at = at;
    if (node != null) {
      for (NodeTuple tuple : node.getValue()) {
        String key = Yaml.text(tuple.getKeyNode());
        if (keys.putIfAbsent(key, tuple.getKeyNode()) != null) {
          source.mistake(tuple.getKeyNode(), path(key) + " is there twice");
        } else if (!Yaml.isNull(tuple.getValueNode())) {
          values.put(key, tuple.getValueNode());
        }
      }
    }
  }

  /** The section of a node; empty where there is none. */
  static Section of(Source source, String path, @Nullable Node node) {
    return new Section(source, path, node, source.mapping(path, node));
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return values.containsKey(key) || source.override(path(key)) != null;
  }

  /** Every key in it, in order; all count as asked for. */
  Set<String> names() {
    asked.addAll(keys.keySet());
    return keys.keySet();
  }

  /** These keys are somebody else's. */
  void known(Set<String> others) {
    asked.addAll(others);
  }

  /** Notes a mistake at a key's value, or at the section if the key is not there. */
  void mistake(String key, String message) {
    String where = source.override(path(key)) == null ? path(key) : Source.variable(path(key));
    Node node = source.override(path(key)) == null ? values.getOrDefault(key, at) : null;
    source.mistake(node, where + " " + message);
  }

  @Nullable String text(String key) {
    asked.add(key);
    String override = source.override(path(key));
    if (override != null) {
      return override;
    }
    Node node = values.get(key);
    if (node == null || node instanceof ScalarNode) {
      return node == null ? null : Yaml.text(node);
    }
    mistake(key, "must be one value");
    return null;
  }

  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  @Nullable Integer integer(String key, int min, int max) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      int value = Integer.parseInt(text.replace("_", ""));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below, as any other value that is not allowed.
    }
    mistake(key, "must be an integer between " + min + " and " + max + ", not " + text);
    return null;
  }

  int integer(String key, int min, int max, int otherwise) {
    Integer value = integer(key, min, max);
    return value == null ? otherwise : value;
  }

  Duration seconds(String key, Duration otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long millis = new BigDecimal(text).movePointRight(3).longValue();
      if (millis > 0 && millis <= Duration.ofDays(7).toMillis()) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    mistake(key, "must be a number of seconds above 0, not " + text);
    return otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    return choice(key, Map.of("true", true, "false", false), otherwise);
  }

  /** One of a few words, and what each stands for. */
  <T extends @Nullable Object> T choice(String key, Map<String, ? extends T> choices, T otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    @Nullable T chosen = choices.get(text);
    if (chosen == null) {
      List<String> known = choices.keySet().stream().sorted().toList();
      mistake(key, "must be one of " + String.join(", ", known) + ", not " + text);
      return otherwise;
    }
    return chosen;
  }

  /** A list of texts; null if there is none. From the environment it comes with commas. */
  @Nullable List<String> texts(String key) {
    asked.add(key);
    String override = source.override(path(key));
    if (override != null) {
      return List.of(override.split("\\s*,\\s*"));
    }
    List<String> texts = new ArrayList<>();
    for (Node node : list(key)) {
      if (node instanceof ScalarNode && !Yaml.isNull(node)) {
        texts.add(Yaml.text(node));
      } else {
        source.mistake(node, path(key) + " must be a list of texts");
      }
    }
    return values.containsKey(key) ? texts : null;
  }

  private List<Node> list(String key) {
    asked.add(key);
    Node node = values.get(key);
    if (node == null || node instanceof SequenceNode) {
      return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }
    mistake(key, "must be a list");
    return List.of();
  }

  /** The keys below a key; an empty section if it is not there. */
  Section section(String key) {
    asked.add(key);
    return of(source, path(key), values.get(key));
  }

  /** The sections of a list, each called by its {@code name}. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Node node : list(key)) {
      String name = String.valueOf(sections.size());
      if (node instanceof MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
          if (Yaml.text(tuple.getKeyNode()).equals("name")) {
            name = Yaml.text(tuple.getValueNode());
          }
        }
      }
      sections.add(of(source, path(key) + "." + name, node));
    }
    return sections;
  }

  /** A mapping of texts. */
  Map<String, String> map(String key) {
    Section section = section(key);
    Map<String, String> map = new LinkedHashMap<>();
    for (String name : section.names()) {
      String value = section.text(name);
      if (value != null) {
        map.put(name, value);
      }
    }
    return map;
  }

  /** A list of anything, as JSON. */
  List<JsonNode> jsons(String key) {
    return list(key).stream().map(Yaml::json).toList();
  }

  /** A mapping of anything, as JSON. */
  Map<String, JsonNode> json(String key) {
    Section section = section(key);
    Map<String, JsonNode> map = new LinkedHashMap<>();
    section.values.forEach((name, node) -> map.put(name, Yaml.json(node)));
    return map;
  }

  /** Everything has been asked for: what is left has no meaning. */
  void done() {
    keys.forEach((key, node) -> {
      if (!asked.contains(key)) {
        source.mistake(node, path(key) + " is not a key that is known here");
      }
    });
  }

  Map<String, String> environment() {
    return source.environment();
  }
}
