package antiphon.sandbox.tool;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a call of the shell asks for. Models are taken at their word where that can be understood:
 * one command in place of a list, or a plain text.
 *
 * @param timeoutMs for all commands together; null if it does not say
 * @param maxOutputLength of each stream of each command; null if it does not say
 */
record ShellArguments(
    List<String> commands, @Nullable Long timeoutMs, @Nullable Long maxOutputLength) {

  private static final int MOST = 64;

  static ShellArguments of(String arguments) {
    JsonNode tree;
    try {
      tree = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJson _) {
      return new ShellArguments(List.of(arguments), null, null);
    }
    List<String> commands = new ArrayList<>();
    JsonNode many =
        tree.path("commands").isMissingNode() ? tree.path("command") : tree.path("commands");
    if (many.isString()) {
      commands.add(many.stringValue());
    }
    for (JsonNode one : many) {
      if (one.isString() && commands.size() < MOST) {
        commands.add(one.stringValue());
      }
    }
    return new ShellArguments(
        List.copyOf(commands),
        positive(tree.path("timeout_ms")),
        positive(tree.path("max_output_length")));
  }

  private static @Nullable Long positive(JsonNode number) {
    return number.isIntegralNumber() && number.canConvertToLong() && number.longValue() > 0
        ? Long.valueOf(number.longValue())
        : null;
  }
}
