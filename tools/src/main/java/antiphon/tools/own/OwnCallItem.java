package antiphon.tools.own;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.protocol.item.Item;
import java.util.List;

/**
 * A call of one of the server's own tools while the model makes it: shown when its arguments are
 * whole, for its first event has them.
 */
public final class OwnCallItem implements CallItem {

  private final String name;
  private final Begin begin;
  private String arguments = "";

  /**
   * @param name the tool's
   * @param begin makes the first events
   */
  public OwnCallItem(String name, Begin begin) {
    this.name = name;
    this.begin = begin;
  }

  /** Makes the first events of a call. */
  @FunctionalInterface
  public interface Begin {

    /**
     * @param arguments as the model wrote them
     */
    List<NextEvent> events(String itemId, int outputIndex, String arguments);
  }

  @Override
  public String prefix() {
    return "mcp";
  }

  @Override
  public boolean early() {
    return false;
  }

  @Override
  public Item begun(String itemId, String callId, String whole) {
    arguments = whole;
    return OwnItem.begun(itemId, name, whole);
  }

  @Override
  public List<NextEvent> added(String itemId, int outputIndex) {
    return begin.events(itemId, outputIndex, arguments);
  }
}
