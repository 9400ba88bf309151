package antiphon.core.step;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.create.ReasoningSeal.Thought;
import antiphon.core.response.Owner;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Seals the reasoning of one response.
 *
 * @param asked whether the client wants to keep reasoning that the engine tells openly
 */
record Sealing(ReasoningSeal seal, Owner owner, boolean asked) {

  static Sealing of(ReasoningSeal seal, Owner owner, CreateResponse request) {
    List<CreateResponse.Include> include = request.include();
    return new Sealing(
        seal,
        owner,
        include != null && include.contains(CreateResponse.Include.ENCRYPTED_REASONING));
  }

  /** An item that is done, its reasoning sealed beside it where the client asked for that. */
  Item done(Item item) {
    if (!asked || !(item instanceof Reasoning reasoning) || reasoning.content() == null) {
      return item;
    }
    return sealed(reasoning, new Thought(text(reasoning.content()), null, null, null));
  }

  /** The same of an engine that wants to be told more with it, and is alone told that. */
  Item done(Item item, String engine, String state) {
    if (!(item instanceof Reasoning reasoning)) {
      return item;
    }
    String text = asked && reasoning.content() != null ? text(reasoning.content()) : null;
    return sealed(reasoning, new Thought(text, engine, null, state));
  }

  private Reasoning sealed(Reasoning reasoning, Thought thought) {
    return new Reasoning(
        reasoning.id(),
        reasoning.summary(),
        reasoning.content(),
        seal.seal(owner, thought),
        reasoning.status(),
        reasoning.extra());
  }

  private static String text(List<ReasoningText> content) {
    return content.stream().map(ReasoningText::text).collect(Collectors.joining());
  }

  /**
   * Seals what an engine has encrypted, together with its own id of the item.
   *
   * @param item as the engine gave it; changed
   */
  void passed(ObjectNode item, String engine) {
    JsonNode content = item.path("encrypted_content");
    if (item.path("type").asString("").equals("reasoning")
        && content.isString()
        && !content.asString().isEmpty()) {
      String id = item.path("id").asString("");
      Thought thought = new Thought(null, engine, id.isEmpty() ? null : id, content.asString());
      item.put("encrypted_content", seal.seal(owner, thought));
    }
  }
}
