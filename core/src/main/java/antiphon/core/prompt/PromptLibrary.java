package antiphon.core.prompt;

import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.json.Json;
import antiphon.protocol.prompt.PromptReference;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Instructions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where requests find the prompts that they name: an end user's own, then the tenant's, then the
 * configured ones.
 */
public final class PromptLibrary {

  private static final String ID = "prompt.id";
  private static final String VERSION = "prompt.version";

  private final ConfiguredPrompts configured;
  private final @Nullable PromptStore store;

  /**
   * @param store null where none are kept
   */
  public PromptLibrary(ConfiguredPrompts configured, @Nullable PromptStore store) {
    this.configured = configured;
    this.store = store;
  }

  /**
   * A request with the prompt that it names put into its instructions, before those it has itself;
   * any other request as it is. The version is written down, so that a run sees no other one later.
   *
   * @throws Rejected if there is no such prompt or version, or its variables do not fit
   */
  public CreateResponse resolved(Owner owner, CreateResponse request) {
    PromptReference reference = request.prompt();
    if (reference == null) {
      return request;
    }
    StoredVersion version = version(owner, reference.id(), number(reference));
    Map<String, tools.jackson.databind.JsonNode> variables =
        reference.variables() == null ? Map.of() : reference.variables();
    List<ContentPart> parts =
        new PromptTemplate(version.template()).render(variables, "prompt.variables");
    ObjectNode body = (ObjectNode) Json.toTree(request);
    body.set("prompt", Json.toTree(reference.at(version.number())));
    body.set("instructions", Json.toTree(instructions(parts, request.instructions())));
    return Json.convertStored(body, CreateResponse.class);
  }

  private StoredVersion version(Owner owner, String id, @Nullable Integer number) {
    return owned(owner, id, number)
        .or(() -> owned(Owner.account(owner.tenant()), id, number))
        .or(() -> configured.version(id, number))
        .orElseThrow(() -> missing(owner, id, number));
  }

  private Optional<StoredVersion> owned(Owner owner, String id, @Nullable Integer number) {
    if (store == null) {
      return Optional.empty();
    }
    PromptId prompt = new PromptId(owner, id);
    if (number != null) {
      return store.version(prompt, number);
    }
    return store.find(prompt).flatMap(found -> store.version(prompt, found.activeVersion()));
  }

  private Rejected missing(Owner owner, String id, @Nullable Integer number) {
    boolean known =
        configured.has(id)
            || owned(owner, id, null).isPresent()
            || owned(Owner.account(owner.tenant()), id, null).isPresent();
    return new Rejected(
        known
            ? new Problem.Invalid(
                "Prompt with id '" + id + "' has no version " + number + ".",
                VERSION,
                "prompt_version_not_found")
            : new Problem.Invalid(
                "Prompt with id '" + id + "' not found.", ID, "prompt_not_found"));
  }

  private static @Nullable Integer number(PromptReference reference) {
    String version = reference.version();
    if (version == null) {
      return null;
    }
    if (!version.matches("[1-9][0-9]{0,8}")) {
      throw Rejected.invalid(VERSION, "Invalid 'prompt.version': must be the number of a version.");
    }
    return Integer.valueOf(version);
  }

  private static Instructions instructions(List<ContentPart> parts, @Nullable Instructions own) {
    if (parts.size() == 1
        && parts.getFirst() instanceof InputText(String text, _)
        && !(own instanceof Instructions.Items)) {
      return new Instructions.Text(
          own instanceof Instructions.Text(String more) ? text + "\n\n" + more : text);
    }
    List<Item> items = new ArrayList<>();
    // Pictures and files are for users' messages alone with most engines.
    boolean plain = parts.stream().allMatch(InputText.class::isInstance);
    items.add(message(plain ? Role.DEVELOPER : Role.USER, MessageContent.of(parts)));
    switch (own) {
      case null -> {}
      case Instructions.Text(String text) ->
          items.add(message(Role.DEVELOPER, MessageContent.of(text)));
      case Instructions.Items(List<Item> more) -> items.addAll(more);
    }
    return new Instructions.Items(items);
  }

  private static Message message(Role role, MessageContent content) {
    return new Message(null, null, role, content, null, Map.of());
  }
}
