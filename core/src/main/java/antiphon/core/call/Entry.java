package antiphon.core.call;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An entry of the inner log: what a run has to know of the runs before it, and no reader sees. What
 * comes next follows from the two logs alone.
 */
public sealed interface Entry {

  /**
   * The model, or a client's approval, has called a function that the server runs. Not yet to be
   * run: the turn may break off.
   */
  record Called(int outputIndex, String itemId, String callId, String function, String arguments)
      implements Entry {}

  /**
   * The turn has come to its end, and its calls are to be run.
   *
   * @param clientsTurn whether it has calls for the client too
   * @param usage of the response up to here
   */
  record TurnEnded(boolean clientsTurn, Usage usage) implements Entry {}

  /**
   * The conversation up to here has been compacted; the item is in the output.
   *
   * @param usage of the response up to here
   * @param summary how many of its output tokens the summary took
   */
  record Compacted(Usage usage, int summary) implements Entry {}

  /** A run has found a turn broken off, and begins it anew: what it had called is not to be run. */
  record TurnBroken() implements Entry {}

  /** A call is being run, for the n-th time. */
  record Started(String itemId, int attempt) implements Entry {}

  /**
   * A call waits until a time, in milliseconds since 1970, and has left this for itself.
   *
   * @param deaf whether a client's message does not wake it; null for one that hears
   */
  record Waiting(String itemId, long until, String state, @Nullable Boolean deaf) implements Entry {

    boolean hears() {
      return !Boolean.TRUE.equals(deaf);
    }
  }

  /** A call that waits, or whatever waits and hears, has been woken with a message. */
  record Woken(@Nullable String itemId, @Nullable String message) implements Entry {}

  /** A call is over; what the model is to see in place of its item. */
  record Answered(String itemId, List<Item> told) implements Entry {
    public Answered {
      told = List.copyOf(told);
    }
  }

  /** A call asks the client, whose turn it is when the others are over. */
  record Asked(String itemId) implements Entry {}

  /** As JSON of one line. */
  default byte[] json() {
    return Json.bytes(new Kept(type(), Json.toTree(this)));
  }

  private String type() {
    return switch (this) {
      case Called _ -> "called";
      case TurnEnded _ -> "turn_ended";
      case Compacted _ -> "compacted";
      case TurnBroken _ -> "turn_broken";
      case Started _ -> "started";
      case Waiting _ -> "waiting";
      case Woken _ -> "woken";
      case Answered _ -> "answered";
      case Asked _ -> "asked";
    };
  }

  /** An entry as it was kept; empty if a newer version of this program has written it. */
  static Optional<Entry> of(byte[] json) {
    Kept kept = Json.readStored(json, Kept.class);
    return Optional.<Class<? extends Entry>>ofNullable(
            switch (kept.type) {
              case "called" -> Called.class;
              case "turn_ended" -> TurnEnded.class;
              case "compacted" -> Compacted.class;
              case "turn_broken" -> TurnBroken.class;
              case "started" -> Started.class;
              case "waiting" -> Waiting.class;
              case "woken" -> Woken.class;
              case "answered" -> Answered.class;
              case "asked" -> Asked.class;
              default -> null;
            })
        .map(type -> Json.convertStored(kept.entry, type));
  }

  /** The shape on disk. */
  record Kept(String type, JsonNode entry) {}
}
