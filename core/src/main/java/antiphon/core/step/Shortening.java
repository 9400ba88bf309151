package antiphon.core.step;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out the oldest turns of a conversation that an engine found too long. Whole turns, each
 * from a user's message to the next, so that no output loses its call; what the system and the
 * developer say stays, and so do the tools that they bring.
 */
final class Shortening {

  /** The share of the context that is left for the answer. */
  private static final int ANSWER_SHARE = 8;

  private Shortening() {}

  /**
   * The turn after its engine refused it as too long: as much as fits, counted with the engine's
   * tokenizer where it has one; else about three quarters of it, to be tried in turn.
   *
   * @return null if nothing more can be left out
   */
  static @Nullable Turn shorter(Turn turn, Route route)
      throws EngineException, InterruptedException {
    List<Integer> cuts = cuts(turn.items());
    if (cuts.isEmpty()) {
      return null;
    }
    Integer length = route.contextLength();
    if (length != null) {
      Optional<Integer> now = route.engine().countInputTokens(turn);
      if (now.isPresent()) {
        return counted(turn, route, cuts, length - answerRoom(turn, length));
      }
    }
    return bySize(turn, cuts);
  }

  private static int answerRoom(Turn turn, int length) {
    Long most = turn.request().maxOutputTokens();
    // Engines refuse what leaves no room for all the tokens that were asked for.
    return most == null
        ? Math.max(1, length / ANSWER_SHARE)
        : Math.toIntExact(Math.clamp(most, 1, length));
  }

  private static Turn counted(Turn turn, Route route, List<Integer> cuts, int goal)
      throws EngineException, InterruptedException {
    int low = 0;
    int high = cuts.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      Turn tried = without(turn, cuts.get(middle));
      if (route.engine().countInputTokens(tried).orElse(0) <= goal) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return without(turn, cuts.get(low));
  }

  private static Turn bySize(Turn turn, List<Integer> cuts) {
    long whole = size(turn.items());
    for (int cut : cuts) {
      Turn tried = without(turn, cut);
      if (size(tried.items()) <= whole * 3 / 4) {
        return tried;
      }
    }
    return without(turn, cuts.getLast());
  }

  private static long size(List<Item> items) {
    return items.stream().mapToLong(item -> Json.bytes(item).length).sum();
  }

  /** Where the conversation may begin: at each user's message but the first. */
  private static List<Integer> cuts(List<Item> items) {
    List<Integer> cuts = new ArrayList<>();
    boolean first = true;
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Message message && message.role() == Role.USER) {
        if (!first) {
          cuts.add(i);
        }
        first = false;
      }
    }
    return cuts;
  }

  private static Turn without(Turn turn, int before) {
    List<Item> rest = new ArrayList<>();
    for (int i = 0; i < turn.items().size(); i++) {
      Item item = turn.items().get(i);
      if (i >= before || instructs(item)) {
        rest.add(item);
      }
    }
    return turn.with(rest);
  }

  private static boolean instructs(Item item) {
    return AdditionalTools.holdsOn(item)
        || (item instanceof Message message
            && (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER));
  }
}
