package antiphon.http.resource;

import antiphon.core.api.Prompts;
import antiphon.core.prompt.PromptId;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.prompt.CreatePrompt;
import antiphon.protocol.prompt.CreatePromptVersion;
import antiphon.protocol.prompt.Prompt;
import antiphon.protocol.prompt.PromptDeleted;
import antiphon.protocol.prompt.PromptVersion;
import antiphon.protocol.prompt.RollbackPrompt;
import antiphon.protocol.prompt.UpdatePrompt;
import antiphon.protocol.response.ListPage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** {@code /prompts} and all below it. */
public final class PromptsResource {

  private static final TypeReference<Map<String, JsonNode>> VARIABLES = new TypeReference<>() {};
  private static final String VERSION = "version";
  private static final int MAX_VERSION = 1_000_000_000;

  private final Prompts prompts;
  private final JsonBody bodies;

  /**
   * @param bodies reads requests' bodies
   */
  public PromptsResource(Prompts prompts, JsonBody bodies) {
    this.prompts = prompts;
    this.bodies = bodies;
  }

  /** POST: makes one; the answer has its first version. */
  public void create(Call call, Owner owner) throws InterruptedException {
    CreatePrompt request = bodies.read(call.exchange(), CreatePrompt.class);
    Replies.created(call.exchange(), prompts.create(owner, request));
  }

  /** GET: the owner's. */
  public void list(Call call, Owner owner) throws InterruptedException {
    Page<Prompt> found = prompts.list(owner, Lists.page(call.query()));
    List<Prompt> data = found.data();
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, found.hasMore(), first, last));
  }

  /** GET of one, with its active template or another, and what variables make of it. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Integer version =
        call.query().text(VERSION) == null
            ? null
            : (int) call.query().number(VERSION, 1, 1, MAX_VERSION);
    Replies.json(call.exchange(), prompts.get(id(call, owner), version, variables(call)));
  }

  private static @Nullable Map<String, JsonNode> variables(Call call) {
    String json = call.query().text("variables");
    if (json == null) {
      return null;
    }
    try {
      return Json.read(json.getBytes(StandardCharsets.UTF_8), VARIABLES);
    } catch (InvalidJson _) {
      throw Refusal.badRequest("variables", "Invalid 'variables': must be a JSON object.");
    }
  }

  /** PUT of one: its name, description and metadata. */
  public void update(Call call, Owner owner) throws InterruptedException {
    UpdatePrompt request = bodies.read(call.exchange(), UpdatePrompt.class);
    Replies.json(call.exchange(), prompts.update(id(call, owner), request));
  }

  /** DELETE of one. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    PromptId id = id(call, owner);
    prompts.delete(id);
    Replies.json(call.exchange(), new PromptDeleted(id.value(), true));
  }

  /** POST to {@code versions}: the next one. */
  public void addVersion(Call call, Owner owner) throws InterruptedException {
    CreatePromptVersion request = bodies.read(call.exchange(), CreatePromptVersion.class);
    Replies.created(call.exchange(), prompts.addVersion(id(call, owner), request.template()));
  }

  /** GET of {@code versions}. */
  public void versions(Call call, Owner owner) throws InterruptedException {
    PageRequest page = Lists.page(call.query());
    List<PromptVersion> found =
        prompts.versions(id(call, owner), page.descending(), page.limit() + 1);
    List<PromptVersion> data = found.subList(0, Math.min(page.limit(), found.size()));
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, found.size() > data.size(), first, last));
  }

  /** GET of one version. */
  public void version(Call call, Owner owner) throws InterruptedException {
    String given = call.variables().getLast();
    if (!given.matches("[1-9][0-9]{0,8}")) {
      throw Refusal.badRequest(VERSION, "Invalid 'version': must be the number of a version.");
    }
    Replies.json(call.exchange(), prompts.version(id(call, owner), Integer.parseInt(given)));
  }

  /** POST to {@code rollback}: makes an older version the active one, or a newer one again. */
  public void rollback(Call call, Owner owner) throws InterruptedException {
    RollbackPrompt request = bodies.read(call.exchange(), RollbackPrompt.class);
    Replies.json(call.exchange(), prompts.rollback(id(call, owner), request.version()));
  }

  private static PromptId id(Call call, Owner owner) {
    String id = call.variables().getFirst();
    if (id.indexOf('\0') >= 0) {
      throw Refusal.badRequest("id", "Invalid 'id': must not contain a NUL character.");
    }
    return new PromptId(owner, id);
  }
}
