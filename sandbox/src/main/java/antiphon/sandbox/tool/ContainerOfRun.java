package antiphon.sandbox.tool;

import antiphon.core.container.ContainerId;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.tool.ToolContext;
import antiphon.sandbox.container.ContainerService;
import antiphon.sandbox.container.LiveContainer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The container of one tool in one run: the one that is named, the one before, or a new one. */
final class ContainerOfRun {

  private final ContainerService service;
  private final ToolContext context;
  private final ContainerWish wish;
  private final String kind;
  private @Nullable ContainerId id;
  private boolean made;

  /**
   * @param kind of tool: each has its own container
   */
  ContainerOfRun(ContainerService service, ToolContext context, ContainerWish wish, String kind) {
    this.service = service;
    this.context = context;
    this.wish = wish;
    this.kind = kind;
  }

  /** Its id. It need not be there yet. */
  synchronized ContainerId id() {
    ContainerId known = id;
    if (known == null) {
      var owner = context.response().owner();
      if (wish.id() != null) {
        known = new ContainerId(owner, wish.id());
        made = true;
      } else {
        Optional<ContainerId> before = wish.fresh() ? own() : own().or(this::before);
        made = before.isPresent();
        known = before.orElseGet(() -> service.newId(owner));
      }
      id = known;
    }
    return known;
  }

  private Optional<ContainerId> own() {
    return service.with(context.response().owner(), key(context.response().value()));
  }

  /** The one that the conversation's last response has used. */
  private Optional<ContainerId> before() {
    String previous = context.request().previousResponseId();
    String conversation = conversation();
    return previous != null
        ? service.with(context.response().owner(), key(previous))
        : conversation == null
            ? Optional.empty()
            : service.with(context.response().owner(), key(conversation));
  }

  private @Nullable String conversation() {
    JsonNode said = context.request().conversation();
    if (said == null) {
      return null;
    }
    String value = said.isString() ? said.stringValue() : said.path("id").asString("");
    return value.isEmpty() ? null : value;
  }

  private String key(String value) {
    return kind + ":" + value;
  }

  /** Uses it, and makes it if it is not there yet. */
  <T> T use(ContainerService.Use<T> use) throws InterruptedException, SandboxException {
    ContainerId known = id();
    make(known);
    return service.use(
        known,
        (container, sandbox) -> {
          remember(container);
          return use.with(container, sandbox);
        });
  }

  private synchronized void make(ContainerId known) throws InterruptedException {
    if (!made) {
      service.createAutomatic(known, wish.made());
      made = true;
    }
  }

  private void remember(LiveContainer container) {
    container.goesWith(key(context.response().value()));
    String conversation = conversation();
    if (conversation != null) {
      container.goesWith(key(conversation));
    }
  }
}
