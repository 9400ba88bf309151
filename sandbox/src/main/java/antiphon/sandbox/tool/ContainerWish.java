package antiphon.sandbox.tool;

import antiphon.core.container.ContainerId;
import antiphon.core.container.MemoryLimit;
import antiphon.core.container.NewContainer;
import antiphon.core.engine.Engine.Refusal;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.sandbox.Readiness;
import antiphon.sandbox.container.ContainerService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which container a tool of a request is to be run in.
 *
 * @param id of a container that there is; null for any
 * @param fresh whether one that a response before has used will not do
 * @param made how one is made if there is none
 */
record ContainerWish(@Nullable String id, boolean fresh, NewContainer made) {

  private static final int MOST_FILES = 50;

  /** Reads what a tool says, once it was {@linkplain #refuses checked}. */
  static ContainerWish of(@Nullable JsonNode said, String name) {
    NewContainer usual = new NewContainer(name, null, null, List.of());
    if (said == null || said.isNull()) {
      return new ContainerWish(null, false, usual);
    }
    if (said.isString()) {
      return new ContainerWish(said.stringValue(), false, usual);
    }
    String id = said.path("container_id").asString("");
    if (!id.isEmpty()) {
      return new ContainerWish(id, false, usual);
    }
    List<String> files = new ArrayList<>();
    said.path("file_ids").forEach(file -> files.add(file.asString("")));
    Long memory = MemoryLimit.bytes(said.path("memory_limit").asString("")).orElse(null);
    boolean fresh = said.path("session_scope").asString("").equals("request");
    return new ContainerWish(null, fresh, new NewContainer(name, null, memory, files));
  }

  /** The first field that is refused. */
  static Optional<Refusal> refuses(
      @Nullable JsonNode said, String param, String auto, Owner owner, ContainerService service) {
    if (service.readiness() instanceof Readiness.Off) {
      return refused(param, "This server has no sandboxes to run code in.");
    }
    if (said == null || said.isNull()) {
      return Optional.empty();
    }
    if (said.isString()) {
      return known(said.stringValue(), param, owner, service);
    }
    if (!said.isObject()) {
      return refused(param, "Invalid '" + param + "': must be a container's id or an object.");
    }
    String type = said.path("type").asString("");
    if (type.equals("container_reference")) {
      return known(said.path("container_id").asString(""), param + ".container_id", owner, service);
    }
    if (!type.equals(auto)) {
      return refused(param + ".type", "Invalid '" + param + ".type': must be '" + auto + "'.");
    }
    return made(said, param, service);
  }

  private static Optional<Refusal> made(JsonNode said, String param, ContainerService service) {
    JsonNode memory = said.path("memory_limit");
    if (!memory.isMissingNode() && !memory.isNull()) {
      Optional<Long> bytes = MemoryLimit.bytes(memory.asString(""));
      if (bytes.isEmpty() || bytes.get() > service.maxMemory()) {
        return refused(
            param + ".memory_limit",
            "Invalid '%s.memory_limit': this server has %s."
                .formatted(param, MemoryLimit.upTo(service.maxMemory())));
      }
    }
    JsonNode files = said.path("file_ids");
    boolean texts = true;
    for (JsonNode file : files) {
      texts &= file.isString();
    }
    if (!files.isMissingNode()
        && !files.isNull()
        && (!files.isArray() || files.size() > MOST_FILES || !texts)) {
      return refused(
          param + ".file_ids",
          "Invalid '%s.file_ids': must be a list of at most %d ids.".formatted(param, MOST_FILES));
    }
    return unsupported(said, param);
  }

  private static Optional<Refusal> unsupported(JsonNode said, String param) {
    if (said.path("network_policy").path("type").asString("disabled").equals("allowlist")) {
      return refused(
          param + ".network_policy", "Containers of this server have no network: leave it out.");
    }
    for (String name : List.of("skills", "memory_stores")) {
      if (!said.path(name).isEmpty()) {
        return refused(
            param + "." + name, "This server does not put '" + name + "' into containers.");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> known(
      String id, String param, Owner owner, ContainerService service) {
    if (id.isEmpty()) {
      return refused(param, "Invalid '" + param + "': must be a container's id.");
    }
    return service
        .unusable(new ContainerId(owner, id))
        .map(Problem::message)
        .map(message -> new Refusal(param, message));
  }

  private static Optional<Refusal> refused(String param, String message) {
    return Optional.of(new Refusal(param, message));
  }
}
