package antiphon.core.step;

import antiphon.core.log.LiveLog;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Ids;
import antiphon.core.tool.ToolOutputSink;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.item.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Items of tools that no call has made, into the log. */
record LogOutput(LiveLog log) implements ToolOutputSink {

  @Override
  public Open add(
      String prefix,
      Function<String, Item> begun,
      BiFunction<String, Integer, List<NextEvent>> events)
      throws InterruptedException {
    int index = log.nextOutputIndex();
    String id = Ids.outputItem(prefix, log.id().value(), index);
    List<NextEvent> all = new ArrayList<>();
    Item item = begun.apply(id);
    all.add(seq -> new OutputItemEvent.Added(seq, index, item));
    all.addAll(events.apply(id, index));
    log.append(all);
    return new Begun(log, id, index);
  }

  private record Begun(LiveLog log, String itemId, int outputIndex) implements Open {

    @Override
    public void done(List<NextEvent> events, Item item) throws InterruptedException {
      List<NextEvent> all = new ArrayList<>(events);
      all.add(seq -> new OutputItemEvent.Done(seq, outputIndex, item));
      log.append(all);
    }
  }
}
