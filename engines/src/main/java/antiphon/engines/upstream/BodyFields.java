package antiphon.engines.upstream;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes fields out of a body, or gives them the names that an engine has for them. */
public final class BodyFields {

  private BodyFields() {}

  /**
   * Changes the body.
   *
   * @param omit paths with dots; on the way through a list each of its elements is meant
   * @param rename paths, and the new name of each one's last field
   */
  public static void mend(ObjectNode body, Set<String> omit, Map<String, String> rename) {
    for (String path : omit) {
      at(body, List.of(path.split("\\.", -1)), null);
    }
    rename.forEach((path, name) -> at(body, List.of(path.split("\\.", -1)), name));
  }

  private static void at(JsonNode node, List<String> path, @Nullable String name) {
    if (node.isArray()) {
      for (JsonNode one : node) {
        at(one, path, name);
      }
    } else if (node instanceof ObjectNode object && object.has(path.getFirst())) {
      if (path.size() > 1) {
        at(object.path(path.getFirst()), path.subList(1, path.size()), name);
      } else {
        JsonNode value = object.remove(path.getFirst());
        if (name != null) {
          object.set(name, value);
        }
      }
    }
  }
}
