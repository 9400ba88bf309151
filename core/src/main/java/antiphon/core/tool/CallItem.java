package antiphon.core.tool;

import antiphon.core.log.NextEvent;
import antiphon.protocol.item.Item;
import java.util.List;

/** How one call of a server-run tool shows in the output, from its beginning to its run. */
public interface CallItem {

  /** The prefix of its item's id, such as {@code mcp}. */
  String prefix();

  /**
   * The item of {@code response.output_item.added}.
   *
   * @param arguments as far as they are known: empty if {@link #early}
   */
  Item begun(String itemId, String callId, String arguments);

  /**
   * Whether the item is shown as soon as the model has said the call's name; else when its
   * arguments are whole.
   */
  default boolean early() {
    return true;
  }

  /** Events right after the item was added. */
  default List<NextEvent> added(String itemId, int outputIndex) {
    return List.of();
  }

  /** Events for more of the arguments. Only asked of those that are {@link #early}. */
  default List<NextEvent> arguments(String itemId, int outputIndex, String delta) {
    return List.of();
  }

  /** Events when the arguments are whole. */
  default List<NextEvent> argumentsDone(String itemId, int outputIndex, String arguments) {
    return List.of();
  }
}
