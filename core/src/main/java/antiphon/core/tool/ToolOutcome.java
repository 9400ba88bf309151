package antiphon.core.tool;

import antiphon.core.log.NextEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import java.time.Instant;
import java.util.List;

/** What came of a call. */
public sealed interface ToolOutcome {

  /**
   * It is over, well or not.
   *
   * @param item as it stands in the output from now on, its status terminal
   * @param events before {@code response.output_item.done}
   * @param output what the model is to see of it
   */
  record Done(Item item, List<NextEvent> events, ToolOutput output) implements ToolOutcome {
    public Done {
      events = List.copyOf(events);
    }

    /** With text for the model. */
    public static Done of(Item item, List<NextEvent> events, String output) {
      return new Done(item, events, new ToolOutput.Text(output));
    }
  }

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
   */
  record Waits(Instant until, String state, List<NextEvent> events) implements ToolOutcome {
    public Waits {
      events = List.copyOf(events);
    }
  }
}
