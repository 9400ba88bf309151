package antiphon.tools.agent;

import antiphon.protocol.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An agent of the configuration.
 *
 * @param model that it runs with
 * @param description what it is good for, for models that may call it
 * @param instructions null for none
 * @param tools that the server runs for it
 * @param maxOutputTokens null for no bound
 * @param limit how long it may take for one piece of work
 * @param tenants who may use it; empty for all
 */
public record Agent(
    String model,
    @Nullable String description,
    @Nullable String instructions,
    List<Tool> tools,
    @Nullable Integer maxOutputTokens,
    Duration limit,
    Set<String> tenants) {

  /** An hour. */
  public static final Duration USUAL_LIMIT = Duration.ofHours(1);

  public Agent {
    tools = List.copyOf(tools);
    tenants = Set.copyOf(tenants);
  }
}
