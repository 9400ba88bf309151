package antiphon.core.log;

import antiphon.protocol.event.CustomToolCallInputEvent;
import antiphon.protocol.event.FunctionCallArgumentsEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import java.util.List;

/** A call of one of the client's tools while its arguments come in. */
final class CallState implements ItemState {

  private final int outputIndex;
  private final Item begun;
  private final StringBuilder arguments = new StringBuilder();

  CallState(int outputIndex, Item begun) {
    this.outputIndex = outputIndex;
    this.begun = begun;
  }

  @Override
  public void apply(StreamEvent event) {
    switch (event) {
      case FunctionCallArgumentsEvent.Delta delta -> arguments.append(delta.delta());
      case CustomToolCallInputEvent.Delta delta -> arguments.append(delta.delta());
      default -> {}
    }
  }

  @Override
  public Item item(ItemStatus status) {
    return switch (begun) {
      case FunctionCall call -> call.withArguments(arguments.toString()).withStatus(status);
      case CustomToolCall call -> call.withInput(arguments.toString()).withStatus(status);
      default -> begun;
    };
  }

  @Override
  public List<NextEvent> closing(ItemStatus status) {
    Item item = item(status);
    NextEvent done = seq -> new OutputItemEvent.Done(seq, outputIndex, item);
    String text = arguments.toString();
    return switch (item) {
      case FunctionCall call ->
          List.of(
              seq ->
                  new FunctionCallArgumentsEvent.Done(
                      seq, call.idOrEmpty(), outputIndex, call.name(), text),
              done);
      case CustomToolCall call ->
          List.of(
              seq -> new CustomToolCallInputEvent.Done(seq, call.idOrEmpty(), outputIndex, text),
              done);
      default -> List.of(done);
    };
  }
}
