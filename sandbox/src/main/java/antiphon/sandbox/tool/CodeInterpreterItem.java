package antiphon.sandbox.tool;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.protocol.event.CodeInterpreterCallEvent;
import antiphon.protocol.item.CodeInterpreterCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a call of the code interpreter shows while the model writes it. One for each call. */
final class CodeInterpreterItem implements CallItem {

  private final String container;
  private final CodeStream code = new CodeStream();

  CodeInterpreterItem(String container) {
    this.container = container;
  }

  @Override
  public String prefix() {
    return "ci";
  }

  @Override
  public Item begun(String itemId, String callId, String arguments) {
    return new CodeInterpreterCall(
        itemId, CodeStream.code(arguments), container, null, ItemStatus.IN_PROGRESS, Map.of());
  }

  @Override
  public List<NextEvent> added(String itemId, int outputIndex) {
    return List.of(seq -> new CodeInterpreterCallEvent.InProgress(seq, itemId, outputIndex));
  }

  @Override
  public List<NextEvent> arguments(String itemId, int outputIndex, String delta) {
    String fresh = code.feed(delta);
    return fresh.isEmpty()
        ? List.of()
        : List.of(seq -> new CodeInterpreterCallEvent.CodeDelta(seq, itemId, outputIndex, fresh));
  }

  @Override
  public List<NextEvent> argumentsDone(String itemId, int outputIndex, String arguments) {
    String whole = CodeStream.code(arguments);
    List<NextEvent> events = new ArrayList<>();
    if (whole.startsWith(code.told()) && whole.length() > code.told().length()) {
      String rest = whole.substring(code.told().length());
      events.add(seq -> new CodeInterpreterCallEvent.CodeDelta(seq, itemId, outputIndex, rest));
    }
    events.add(seq -> new CodeInterpreterCallEvent.CodeDone(seq, itemId, outputIndex, whole));
    return events;
  }
}
