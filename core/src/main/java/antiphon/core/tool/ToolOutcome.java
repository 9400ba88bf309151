package antiphon.core.tool;

import antiphon.core.log.NextEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** What came of a call. */
public sealed interface ToolOutcome {

  /**
   * It is over, well or not.
   *
   * @param item as it stands in the output from now on, its status terminal
   * @param events before {@code response.output_item.done}
   * @param output what the model is to see of it
   * @param more items that follow it in the output, such as an output that is an item by itself;
   *     the model does not see them
   */
  record Done(Item item, List<NextEvent> events, ToolOutput output, List<More> more)
      implements ToolOutcome {
    public Done {
      events = List.copyOf(events);
      more = List.copyOf(more);
    }

    public Done(Item item, List<NextEvent> events, ToolOutput output) {
      this(item, events, output, List.of());
    }

    /** With text for the model. */
    public static Done of(Item item, List<NextEvent> events, String output) {
      return new Done(item, events, new ToolOutput.Text(output));
    }
  }

  /**
   * An item that follows a call.
   *
   * @param prefix of its id
   * @param item from its id to the item, its status terminal
   */
  record More(String prefix, Function<String, Item> item) {}

  /**
   * It is the client's turn: the response completes once the other calls are over.
   *
   * @param item what the client is asked, such as a request for approval
   */
  record AsksClient(Item item) implements ToolOutcome {}

  /**
   * It waits, and holds nothing meanwhile: in the background no thread, no place, no lease. It is
   * run again when it is woken or its time comes, on whatever node, with what it leaves here.
   *
   * @param until when it goes on at the latest
   * @param state for itself
   * @param events to be shown before it waits
   * @param hears whether a client's message wakes it
   */
  record Waits(Instant until, String state, List<NextEvent> events, boolean hears)
      implements ToolOutcome {
    public Waits {
      events = List.copyOf(events);
    }

    /** One that hears. */
    public Waits(Instant until, String state, List<NextEvent> events) {
      this(until, state, events, true);
    }
  }
}
