package antiphon.core.service;

import antiphon.core.api.Prompts;
import antiphon.core.prompt.PromptId;
import antiphon.core.prompt.PromptStore;
import antiphon.core.prompt.PromptTemplate;
import antiphon.core.prompt.StoredPrompt;
import antiphon.core.prompt.StoredPrompt.Details;
import antiphon.core.prompt.StoredVersion;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.json.Json;
import antiphon.protocol.prompt.CreatePrompt;
import antiphon.protocol.prompt.Prompt;
import antiphon.protocol.prompt.PromptVersion;
import antiphon.protocol.prompt.UpdatePrompt;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** The operations on prompts. */
public final class PromptService implements Prompts {

  private static final TypeReference<Map<String, JsonNode>> METADATA = new TypeReference<>() {};
  private static final int MAX_NAME = 256;
  private static final int MAX_DESCRIPTION = 4096;
  private static final int MAX_PAIRS = 64;
  private static final int MAX_METADATA = 32 * 1024;

  private final PromptStore store;
  private final Ids ids;

  /**
   * @param clock the store's
   */
  public PromptService(PromptStore store, InstantSource clock) {
    this.store = store;
    this.ids = new Ids(clock);
  }

  @Override
  public Prompt create(Owner owner, CreatePrompt request) {
    checkName(request.name());
    template(request.template());
    checkDescription(request.description());
    Map<String, JsonNode> pairs = request.metadata() == null ? Map.of() : request.metadata();
    Details details = new Details(request.name(), request.description(), metadata(pairs));
    PromptId id = new PromptId(owner, ids.next("pmpt"));
    StoredPrompt made =
        store
            .create(id, details, request.template())
            .orElseThrow(
                () -> tooMany("There are " + PromptStore.MOST_PROMPTS + " prompts already."));
    StoredVersion first = new StoredVersion(1, request.template(), made.createdAt());
    return shown(made).with(shown(id, first));
  }

  @Override
  public Page<Prompt> list(Owner owner, PageRequest page) {
    Page<StoredPrompt> found = store.list(owner, page).orElseThrow(() -> NotFound.cursor(page));
    return new Page<>(found.data().stream().map(PromptService::shown).toList(), found.hasMore());
  }

  @Override
  public Prompt get(
      PromptId id, @Nullable Integer version, @Nullable Map<String, JsonNode> variables) {
    StoredPrompt found = found(id);
    int number = version == null ? found.activeVersion() : version;
    String template = stored(id, number).template();
    return shown(found).with(template, variables == null ? null : rendered(template, variables));
  }

  private static String rendered(String template, Map<String, JsonNode> variables) {
    return new PromptTemplate(template)
        .render(variables, "variables").stream()
            .map(PromptService::text)
            .collect(Collectors.joining());
  }

  private static String text(ContentPart part) {
    return part instanceof InputText plain ? plain.text() : "[" + part.type() + "]";
  }

  @Override
  public Prompt update(PromptId id, UpdatePrompt request) {
    if (request.name() != null) {
      checkName(request.name());
    }
    JsonNode description = request.description();
    if (description != null && !description.isNull() && !description.isString()) {
      throw Rejected.invalid("description", "Invalid 'description': must be a text, or null.");
    }
    String text = description != null && description.isString() ? description.asString() : null;
    checkDescription(text);
    byte[] metadata = request.metadata() == null ? null : metadata(request.metadata());
    return shown(
        store
            .update(
                id,
                before ->
                    new Details(
                        request.name() == null ? before.name() : request.name(),
                        description == null ? before.description() : text,
                        metadata == null ? before.metadata() : metadata))
            .orElseThrow(() -> missing(id)));
  }

  @Override
  public void delete(PromptId id) {
    if (!store.delete(id)) {
      throw missing(id);
    }
  }

  @Override
  public PromptVersion addVersion(PromptId id, String template) {
    template(template);
    return switch (store.add(id, template)) {
      case PromptStore.NewVersion.Written(StoredVersion version) -> shown(id, version);
      case PromptStore.NewVersion.Gone _ -> throw missing(id);
      case PromptStore.NewVersion.TooMany _ ->
          throw tooMany("The prompt has " + PromptStore.MOST_VERSIONS + " versions already.");
    };
  }

  @Override
  public List<PromptVersion> versions(PromptId id, boolean newestFirst, int limit) {
    var _ = found(id);
    return store.versions(id, newestFirst, limit).stream()
        .map(version -> shown(id, version))
        .toList();
  }

  @Override
  public PromptVersion version(PromptId id, int number) {
    var _ = found(id);
    return shown(id, stored(id, number));
  }

  @Override
  public Prompt rollback(PromptId id, int number) {
    var _ = found(id);
    return shown(store.activate(id, number).orElseThrow(() -> noVersion(id, number)));
  }

  private StoredPrompt found(PromptId id) {
    return store.find(id).orElseThrow(() -> missing(id));
  }

  private StoredVersion stored(PromptId id, int number) {
    return store.version(id, number).orElseThrow(() -> noVersion(id, number));
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
      throw Rejected.invalid(
          "name", "Invalid 'name': must have 1 to " + MAX_NAME + " characters, and no NUL.");
    }
  }

  private static void checkDescription(@Nullable String description) {
    if (description != null
        && (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0)) {
      throw Rejected.invalid(
          "description",
          "Invalid 'description': must have at most "
              + MAX_DESCRIPTION
              + " characters, and no NUL.");
    }
  }

  private static void template(String template) {
    if (template.isEmpty()
        || template.length() > PromptTemplate.LONGEST
        || template.indexOf('\0') >= 0) {
      throw Rejected.invalid(
          "template",
          "Invalid 'template': must have 1 to "
              + PromptTemplate.LONGEST
              + " characters, and no NUL.");
    }
  }

  private static byte[] metadata(Map<String, JsonNode> metadata) {
    byte[] json = Json.bytes(metadata);
    if (metadata.size() > MAX_PAIRS || json.length > MAX_METADATA) {
      throw Rejected.invalid(
          "metadata",
          "Invalid 'metadata': must have at most "
              + MAX_PAIRS
              + " pairs and "
              + MAX_METADATA
              + " bytes of JSON.");
    }
    return json;
  }

  private static Rejected missing(PromptId id) {
    return new Rejected(
        new Problem.NotFound("Prompt with id '" + id.value() + "' not found.", "id"));
  }

  private static Rejected noVersion(PromptId id, int number) {
    return new Rejected(
        new Problem.NotFound(
            "Prompt with id '" + id.value() + "' has no version " + number + ".", "version"));
  }

  private static Rejected tooMany(String message) {
    return new Rejected(new Problem.Invalid(message, null, "too_many_prompts"));
  }

  private static Prompt shown(StoredPrompt stored) {
    return new Prompt(
        stored.id().value(),
        stored.name(),
        stored.description(),
        stored.activeVersion(),
        stored.latestVersion(),
        Json.readStored(stored.metadata(), METADATA),
        time(stored.createdAt()),
        time(stored.updatedAt()),
        null,
        null,
        null);
  }

  private static PromptVersion shown(PromptId id, StoredVersion version) {
    return new PromptVersion(
        id.value() + "_v" + version.number(),
        id.value(),
        version.number(),
        version.template(),
        time(version.createdAt()));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
