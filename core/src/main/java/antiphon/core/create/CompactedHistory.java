package antiphon.core.create;

import antiphon.core.response.Owner;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.UnknownItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversation from its last compaction on. Of what came before, the compaction tells what was
 * kept and a summary of the rest; clients may have dropped it or not.
 *
 * @param items as they are kept, oldest first
 * @param own where the request's own input begins among them, so that each item behind the
 *     compaction has the place that it had: below 0 if items of the input were dropped
 */
public record CompactedHistory(List<Item> items, int own) {

  private static final String TRIGGER = "compaction_trigger";

  /**
   * Drops what a compaction stands for.
   *
   * @param items the whole conversation, as it is kept
   * @param own where the request's own input begins
   */
  static CompactedHistory of(ReasoningSeal seal, Owner owner, List<Item> items, int own) {
    for (int i = items.size() - 1; i >= 0; i--) {
      if (items.get(i) instanceof Compaction compaction) {
        Optional<Summary> summary = Summary.of(compaction, seal, owner);
        if (summary.isPresent() && summary.get().isWhole()) {
          return from(items, own, i, summary.get());
        }
      }
    }
    return new CompactedHistory(items, own);
  }

  private static CompactedHistory from(List<Item> items, int own, int at, Summary summary) {
    List<Item> before = items.subList(0, at);
    List<Item> kept = new ArrayList<>();
    // A client that keeps messages of its own choice knows best which.
    kept.addAll(isPruned(before) ? before : Objects.requireNonNullElse(summary.before(), before));
    kept.add(items.get(at));
    kept.addAll(Objects.requireNonNullElse(summary.after(), List.of()));
    int shift = kept.size() - (at + 1);
    kept.addAll(items.subList(at + 1, items.size()));
    return new CompactedHistory(kept, own + shift);
  }

  private static boolean isPruned(List<Item> before) {
    return !before.isEmpty()
        && before.stream()
            .allMatch(item -> item instanceof Message message && message.role() != Role.ASSISTANT);
  }

  /**
   * What a model sees of a conversation that goes on: from its last compaction, with what was
   * sealed as it was before.
   */
  public static List<Item> seen(ReasoningSeal seal, Owner owner, List<Item> items) {
    CompactedHistory history = of(seal, owner, items, Integer.MAX_VALUE / 2);
    List<Item> opened = new Unsealed(seal, owner, Integer.MAX_VALUE).of(history.items);
    return withoutTriggers(opened);
  }

  /** A conversation as engines take it: none of them is asked to compact it. */
  public static List<Item> withoutTriggers(List<Item> items) {
    return items.stream().noneMatch(CompactedHistory::isTrigger)
        ? items
        : items.stream().filter(item -> !isTrigger(item)).toList();
  }

  /** A conversation without the wishes to be compacted that came before its last item. */
  static List<Item> untriggered(List<Item> items) {
    List<Item> kept = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      if (i == items.size() - 1 || !isTrigger(items.get(i))) {
        kept.add(items.get(i));
      }
    }
    return kept;
  }

  /** Whether an item asks for a compaction and nothing else. */
  public static boolean isTrigger(Item item) {
    return item instanceof UnknownItem unknown && unknown.type().equals(TRIGGER);
  }

  /** Whether a conversation ends with the wish to be compacted. */
  public static boolean isAsked(List<Item> items) {
    return !items.isEmpty() && isTrigger(items.getLast());
  }
}
