package antiphon.http.resource;

import antiphon.core.api.Containers;
import antiphon.core.container.ContainerId;
import antiphon.core.container.MemoryLimit;
import antiphon.core.container.NewContainer;
import antiphon.core.container.StoredContainer;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.protocol.container.ContainerObject;
import antiphon.protocol.container.CreateContainer;
import antiphon.protocol.response.DeletedObject;
import antiphon.protocol.response.ListPage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /containers}. */
public final class ContainersResource {

  private static final String ANCHOR = "last_active_at";

  private final Containers containers;
  private final JsonBody bodies;

  /**
   * @param bodies reads requests' bodies
   */
  public ContainersResource(Containers containers, JsonBody bodies) {
    this.containers = containers;
    this.bodies = bodies;
  }

  /** POST: makes one. */
  public void create(Call call, Owner owner) throws InterruptedException {
    CreateContainer request = bodies.read(call.exchange(), CreateContainer.class);
    CreateContainer.ExpiresAfter expires = request.expiresAfter();
    if (expires != null && !expires.anchor().equals(ANCHOR)) {
      throw Refusal.badRequest(
          "expires_after.anchor", "Invalid 'expires_after.anchor': must be '" + ANCHOR + "'.");
    }
    refuseExtras(request);
    NewContainer wish =
        new NewContainer(
            request.name(),
            expires == null ? null : expires.minutes(),
            memory(request.memoryLimit()),
            request.fileIds() == null ? List.of() : request.fileIds());
    Replies.json(call.exchange(), wire(containers.create(owner, wish)));
  }

  private static void refuseExtras(CreateContainer request) {
    JsonNode policy = request.networkPolicy();
    if (policy != null && !policy.path("type").asString("disabled").equals("disabled")) {
      throw Refusal.badRequest(
          "network_policy", "Containers of this server have no network: leave it out.");
    }
    if (request.skills() != null && !request.skills().isEmpty()) {
      throw Refusal.badRequest("skills", "This server does not put skills into containers.");
    }
  }

  private static @Nullable Long memory(@Nullable String word) {
    if (word == null) {
      return null;
    }
    return MemoryLimit.bytes(word)
        .orElseThrow(() ->
            Refusal.badRequest(
                "memory_limit",
                "Invalid 'memory_limit': must be one of "
                    + MemoryLimit.upTo(Long.MAX_VALUE)
                    + "."));
  }

  /** GET: the owner's. */
  public void list(Call call, Owner owner) throws InterruptedException {
    Page<Containers.Shown> found = containers.list(owner, Lists.page(call.query()));
    List<ContainerObject> data = found.data().stream().map(ContainersResource::wire).toList();
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, found.hasMore(), first, last));
  }

  /** GET of one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), wire(containers.get(id(call, owner))));
  }

  /** DELETE. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    ContainerId id = id(call, owner);
    containers.delete(id);
    Replies.json(call.exchange(), new DeletedObject(id.value(), "container.deleted", true));
  }

  static ContainerId id(Call call, Owner owner) {
    return new ContainerId(owner, call.variable());
  }

  private static ContainerObject wire(Containers.Shown shown) {
    StoredContainer container = shown.container();
    return new ContainerObject(
        container.id().value(),
        container.name(),
        Math.floorDiv(container.createdAt(), 1000),
        shown.running() ? "running" : "expired",
        new CreateContainer.ExpiresAfter(ANCHOR, container.idleMinutes()),
        Math.floorDiv(container.lastActiveAt(), 1000),
        MemoryLimit.word(container.memory()));
  }
}
