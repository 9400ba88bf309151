package antiphon.core.tool;

import antiphon.core.log.NextEvent;
import antiphon.protocol.item.Item;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Takes output items that no call has made, such as the list of a server's tools. */
public interface ToolOutputSink {

  /**
   * Adds an item to the output.
   *
   * @param prefix of its id
   * @param begun from its id to the item as it begins
   * @param events from its id and place to the events right behind that
   * @return to be {@linkplain Open#done done}
   */
  Open add(
      String prefix,
      Function<String, Item> begun,
      BiFunction<String, Integer, List<NextEvent>> events)
      throws InterruptedException;

  /** An item that is being made. */
  interface Open {
    String itemId();

    int outputIndex();

    /** Closes it: events first, then the item as it is. */
    void done(List<NextEvent> events, Item item) throws InterruptedException;
  }
}
