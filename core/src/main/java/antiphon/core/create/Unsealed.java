package antiphon.core.create;

import antiphon.core.create.ReasoningSeal.Thought;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Reasoning and summaries that were sealed, opened again for the engine. */
public final class Unsealed {

  /**
   * Names the engine that made an item's encrypted content, for the engines alone: such a field is
   * in no item that a client sees.
   */
  public static final String ENGINE = "antiphon_engine";

  /** What stands before a summary. */
  static final String SUMMARY =
      "[The earlier part of this conversation was replaced by this summary of it:]\n";

  private final ReasoningSeal seal;
  private final Owner owner;
  private final int own;

  /**
   * @param own where the request's own input begins
   */
  Unsealed(ReasoningSeal seal, Owner owner, int own) {
    this.seal = seal;
    this.owner = owner;
    this.own = own;
  }

  /** The same conversation with what was sealed as it was before. */
  List<Item> of(List<Item> items) {
    List<Item> opened = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      opened.add(
          switch (items.get(i)) {
            case Reasoning reasoning when ReasoningSeal.isSealed(reasoning.encryptedContent()) ->
                opened(reasoning, i);
            case Compaction compaction when ReasoningSeal.isSealed(compaction.encryptedContent()) ->
                opened(compaction, i);
            case Item other -> other;
          });
    }
    return opened;
  }

  /** A summary, as a message: every model takes those, at any place. */
  private Item opened(Compaction compaction, int index) {
    Summary summary = Summary.of(compaction, seal, owner).orElse(null);
    if (summary == null) {
      if (index < own) {
        return compaction;
      }
      throw Rejected.invalid(
          "input[" + (index - own) + "].encrypted_content",
          "The encrypted content of this compaction was not made here for you, or was changed.");
    }
    return Message.user(SUMMARY + summary.text());
  }

  private Item opened(Reasoning reasoning, int index) {
    String sealed = reasoning.encryptedContent();
    Thought thought = sealed == null ? null : seal.open(owner, sealed).orElse(null);
    if (thought == null && index >= own) {
      throw Rejected.invalid(
          "input[" + (index - own) + "].encrypted_content",
          "The encrypted content of this reasoning was not made here for you, or was changed.");
    }
    List<ReasoningText> content = reasoning.content();
    String text = thought == null ? null : thought.text();
    List<ReasoningText> restored =
        content == null && text != null ? List.of(new ReasoningText(text)) : content;
    if (thought == null || thought.content() == null) {
      return with(reasoning, reasoning.id(), restored, null, reasoning.extra());
    }
    Map<String, JsonNode> extra = new LinkedHashMap<>(reasoning.extra());
    extra.put(ENGINE, StringNode.valueOf(String.valueOf(thought.engine())));
    String id = thought.id() == null ? reasoning.id() : thought.id();
    return with(reasoning, id, restored, thought.content(), extra);
  }

  private static Reasoning with(
      Reasoning reasoning,
      @Nullable String id,
      @Nullable List<ReasoningText> content,
      @Nullable String encrypted,
      Map<String, JsonNode> extra) {
    return new Reasoning(id, reasoning.summary(), content, encrypted, reasoning.status(), extra);
  }
}
