package antiphon.protocol.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares what was read with what was then written. */
public final class Same {

  /** Lists that are written though they were left out: the other client needs them. */
  private static final Set<String> ALWAYS =
      Set.of("annotations", "logprobs", "bytes", "top_logprobs");

  /** Fields of a response that are null where nobody gave them: Open Responses has them always. */
  private static final Set<String> NULL = Set.of("prompt_cache_key", "safety_identifier");

  private Same() {}

  /**
   * Where they differ, as paths; empty if nowhere. A null that was read may be left out, numbers
   * compare by value, and what is always written may be new: empty lists, and nulls in reasoning.
   */
  public static List<String> differences(JsonNode read, JsonNode written) {
    List<String> found = new ArrayList<>();
    compare("$", read, written, found);
    return found;
  }

  private static void compare(String path, JsonNode read, JsonNode written, List<String> found) {
    if (read.isObject() && written.isObject()) {
      objects(path, read, written, found);
    } else if (read.isArray() && written.isArray() && read.size() == written.size()) {
      for (int i = 0; i < read.size(); i++) {
        compare(path + "[" + i + "]", read.get(i), written.get(i), found);
      }
    } else if (read.isNumber() && written.isNumber()) {
      if (read.decimalValue().compareTo(written.decimalValue()) != 0) {
        found.add(path + ": " + read + " became " + written);
      }
    } else if (!read.equals(written)) {
      found.add(path + ": " + read + " became " + written);
    }
  }

  private static void objects(String path, JsonNode read, JsonNode written, List<String> found) {
    read.properties()
        .forEach(field -> {
          JsonNode other = written.get(field.getKey());
          if (other != null) {
            compare(path + "." + field.getKey(), field.getValue(), other, found);
          } else if (!field.getValue().isNull()) {
            found.add(path + "." + field.getKey() + " was lost");
          }
        });
    written
        .properties()
        .forEach(field -> {
          if (!read.has(field.getKey()) && !always(path, field.getKey(), field.getValue())) {
            found.add(path + "." + field.getKey() + " is new: " + field.getValue());
          }
        });
  }

  private static boolean always(String path, String name, JsonNode value) {
    if (value.isNull()) {
      boolean told =
          name.equals("description") && (path.contains("tools[") || path.endsWith(".format"));
      return path.equals("$.reasoning") || NULL.contains(name) || told;
    }
    boolean strict = path.equals("$.text.format") && name.equals("strict");
    return (ALWAYS.contains(name) && value.isEmpty()) || (strict && !value.asBoolean());
  }
}
