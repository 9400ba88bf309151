package antiphon.sandbox.tool;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.protocol.event.ShellCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ShellAction;
import antiphon.protocol.item.ShellCall;
import java.util.List;
import java.util.Map;

/** How a call of the shell shows. */
final class ShellItem implements CallItem {

  @Override
  public String prefix() {
    return "sh";
  }

  @Override
  public boolean early() {
    return false;
  }

  @Override
  public Item begun(String itemId, String callId, String arguments) {
    return of(itemId, callId, arguments, ItemStatus.IN_PROGRESS);
  }

  @Override
  public List<NextEvent> added(String itemId, int outputIndex) {
    return List.of(seq -> new ShellCallEvent.InProgress(seq, itemId, outputIndex, null));
  }

  /** MKA1's clients read one command, OpenAI's a list of them. */
  static ShellCall of(String itemId, String callId, String arguments, ItemStatus status) {
    ShellArguments said = ShellArguments.of(arguments);
    return new ShellCall(
        itemId,
        callId,
        new ShellAction(
            "exec",
            String.join("\n", said.commands()),
            said.commands(),
            said.timeoutMs(),
            said.maxOutputLength(),
            Map.of()),
        status,
        Map.of());
  }
}
