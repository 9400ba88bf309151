package antiphon.knowledge.tool;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.protocol.event.FileSearchCallEvent;
import antiphon.protocol.item.FileSearchCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import java.util.List;
import java.util.Map;

/** How a search shows while the model asks for it. */
final class FileSearchCallItem implements CallItem {

  @Override
  public String prefix() {
    return "fs";
  }

  @Override
  public Item begun(String itemId, String callId, String arguments) {
    return new FileSearchCall(itemId, List.of(), ItemStatus.IN_PROGRESS, null, Map.of());
  }

  @Override
  public List<NextEvent> added(String itemId, int outputIndex) {
    return List.of(seq -> new FileSearchCallEvent.InProgress(seq, itemId, outputIndex));
  }
}
