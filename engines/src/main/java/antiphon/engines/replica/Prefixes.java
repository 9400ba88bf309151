package antiphon.engines.replica;

import antiphon.core.engine.Turn;
import antiphon.core.response.Ids;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which replica has seen the beginning of a conversation before, and so holds it in its cache. The
 * last few thousand conversations are remembered.
 */
final class Prefixes {

  private static final int REMEMBERED = 20_000;

  private final Map<String, Integer> replicas =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The number of the replica, if one of these keys is known. */
  synchronized Optional<Integer> find(List<String> keys) {
    return keys.stream()
        .filter(replicas::containsKey)
        .findFirst()
        .map(key -> replicas.getOrDefault(key, 0));
  }

  synchronized void remember(List<String> keys, int replica) {
    keys.forEach(key -> replicas.put(key, replica));
  }

  /**
   * The names of a turn's beginning, the surest first: the {@code prompt_cache_key} alone if there
   * is one; else the response that the chain begins with, and the text up to the first message of
   * the user, which is the same when a client sends the whole conversation anew.
   */
  static List<String> keys(Turn turn) {
    String given = turn.request().promptCacheKey();
    if (given != null && !given.isEmpty()) {
      return List.of("key " + given);
    }
    List<String> keys = new ArrayList<>();
    if (!turn.items().isEmpty()) {
      Ids.responseOf(turn.items().getFirst().idOrEmpty()).ifPresent(id -> keys.add("chain " + id));
    }
    keys.add("text " + opening(turn));
    return keys;
  }

  private static long opening(Turn turn) {
    long hash = turn.model().hashCode();
    Object instructions = turn.request().instructions();
    hash = 31 * hash + (instructions == null ? 0 : Json.toTree(instructions).hashCode());
    for (Item item : turn.items()) {
      var tree = Json.toTree(item).asObject();
      tree.remove("id");
      tree.remove("status");
      hash = 31 * hash + tree.hashCode();
      if (item instanceof Message message && message.role() == Role.USER) {
        break;
      }
    }
    return hash;
  }
}
