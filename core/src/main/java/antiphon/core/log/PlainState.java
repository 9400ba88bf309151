package antiphon.core.log;

import antiphon.protocol.event.CodeInterpreterCallEvent;
import antiphon.protocol.event.McpCallArgumentsEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.CodeInterpreterCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpCall;
import java.util.List;

/** An item that comes as a whole. */
final class PlainState implements ItemState {

  private final int outputIndex;
  private Item begun;

  PlainState(int outputIndex, Item begun) {
    this.outputIndex = outputIndex;
    this.begun = begun;
  }

  @Override
  public void apply(StreamEvent event) {
    // Its progress events tell readers how far it is; the item itself comes with its end.
    if (event instanceof McpCallArgumentsEvent.Done done && begun instanceof McpCall call) {
      begun = call.withArguments(done.arguments());
    }
    if (event instanceof CodeInterpreterCallEvent.CodeDone done
        && begun instanceof CodeInterpreterCall call) {
      begun =
          new CodeInterpreterCall(
              call.id(),
              done.code(),
              call.containerId(),
              call.outputs(),
              call.status(),
              call.extra());
    }
  }

  @Override
  public Item item(ItemStatus status) {
    return begun.withStatus(status);
  }

  @Override
  public List<NextEvent> closing(ItemStatus status) {
    Item item = item(status);
    return List.of(seq -> new OutputItemEvent.Done(seq, outputIndex, item));
  }
}
