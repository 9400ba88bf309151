package antiphon.core.tool;

import antiphon.core.log.NextEvent;
import antiphon.protocol.item.Item;

/** Takes what a call shows of itself while it runs. */
public interface ToolProgress {

  /**
   * Adds an event to the log.
   *
   * @throws InterruptedException if the response has ended
   */
  void show(NextEvent event) throws InterruptedException;

  /** The item as it is now, for who reads the response meanwhile. */
  default void now(Item item) throws InterruptedException {}
}
