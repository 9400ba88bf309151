package antiphon.tools.mcp;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.ToolOutputSink;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Keeps what a session adds to the output. */
final class Sink implements ToolOutputSink {

  final List<StreamEvent> events = new ArrayList<>();
  final List<Item> begins = new ArrayList<>();
  final List<Item> items = new ArrayList<>();
  private int next;

  @Override
  public Open add(
      String prefix,
      Function<String, Item> begun,
      BiFunction<String, Integer, List<NextEvent>> shown) {
    int index = next++;
    String id = prefix + "_" + index;
    begins.add(begun.apply(id));
    keep(shown.apply(id, index));
    return new Open() {
      @Override
      public String itemId() {
        return id;
      }

      @Override
      public int outputIndex() {
        return index;
      }

      @Override
      public void done(List<NextEvent> last, Item item) {
        keep(last);
        items.add(item);
      }
    };
  }

  private void keep(List<NextEvent> more) {
    more.forEach(event -> events.add(event.numbered(events.size())));
  }

  List<String> types() {
    return events.stream().map(StreamEvent::type).toList();
  }
}
