package antiphon.core.create;

import antiphon.core.response.Owner;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.json.Required;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a compaction item holds under its seal.
 *
 * @param text stands for all that was summed up
 * @param before what was kept word for word and comes before the summary; null where the items of a
 *     compaction stand beside it, so that it replaces nothing by itself
 * @param after what was kept and comes after it
 */
public record Summary(
    @Required String text, @Nullable List<Item> before, @Nullable List<Item> after) {

  /** A summary that is alone in its item. */
  public static Summary of(String text) {
    return new Summary(text, null, null);
  }

  /** Whether it stands for everything that came before its item. */
  boolean isWhole() {
    return before != null;
  }

  /** The item; only its owner's requests can open it. */
  public Compaction sealed(ReasoningSeal seal, Owner owner, String id) {
    // MKA1's client wants a content, and it is nobody's to read.
    return new Compaction(id, "", seal.seal(owner, Json.bytes(this)), null, Map.of());
  }

  /** What an item holds; empty if it was not sealed here, for this owner, or was changed. */
  static Optional<Summary> of(Compaction item, ReasoningSeal seal, Owner owner) {
    String sealed = item.encryptedContent();
    return ReasoningSeal.isSealed(sealed) && sealed != null
        ? seal.open(owner, sealed, Summary.class)
        : Optional.empty();
  }
}
