package antiphon.server.settings;

import antiphon.protocol.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** YAML as JSON. */
final class Yaml {

  private Yaml() {}

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** The text of a scalar; empty for anything else. */
  static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  static JsonNode json(Node node) {
    return switch (node) {
      case MappingNode mapping -> object(mapping);
      case SequenceNode sequence -> {
        ArrayNode array = Json.mapper().createArrayNode();
        sequence.getValue().forEach(value -> array.add(json(value)));
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> Json.mapper().nullNode();
    };
  }

  private static ObjectNode object(MappingNode mapping) {
    ObjectNode object = Json.mapper().createObjectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      object.set(text(tuple.getKeyNode()), json(tuple.getValueNode()));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String value = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return Json.mapper().nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return Json.toTree(Boolean.parseBoolean(value));
    }
    if (tag.equals(Tag.INT)) {
      return Json.toTree(new BigInteger(value));
    }
    if (tag.equals(Tag.FLOAT) && value.matches("[-+0-9.eE]+")) {
      return Json.toTree(new BigDecimal(value));
    }
    return Json.toTree(value);
  }
}
