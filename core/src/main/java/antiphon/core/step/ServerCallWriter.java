package antiphon.core.step;

import antiphon.core.call.Entry;
import antiphon.core.log.LiveLog;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Ids;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.OutputItemEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of server-run tools into the log, one after another, as the model makes them.
 */
final class ServerCallWriter {

  /** So many characters of arguments are taken; a call with more does not get them all. */
  private static final int MOST_ARGUMENTS = 1 << 20;

  private final LiveLog log;
  private final OpenTools tools;
  private @Nullable Open open;
  private int count;

  ServerCallWriter(LiveLog log, OpenTools tools) {
    this.log = log;
    this.tools = tools;
  }

  /** Whether calls of this function are for here. */
  boolean takes(String function) {
    return tools.has(function);
  }

  /** How many calls there have been. */
  int count() {
    return count;
  }

  /** Whether a call is being made, which the engine knows by this index. */
  boolean isOpen(int engineIndex) {
    return open != null && open.engineIndex == engineIndex;
  }

  boolean isOpen() {
    return open != null;
  }

  /** Whether no arguments have come for the call that is being made. */
  boolean isBare() {
    return open != null && open.arguments.isEmpty();
  }

  void begin(String function, String callId, int engineIndex) throws InterruptedException {
    ToolSession session = tools.session(function);
    if (session == null) {
      throw new IllegalStateException("nobody runs " + function);
    }
    begin(function, callId, engineIndex, session.show(tools.own(function)));
  }

  /** A call that was due is written as a whole. */
  void write(ToolSession session, ToolSession.DueCall call) throws InterruptedException {
    begin(tools.offered(session, call.function()), call.callId(), -1, session.show(call));
    arguments(call.arguments());
    close();
  }

  private void begin(String function, String callId, int engineIndex, CallItem shown)
      throws InterruptedException {
    int index = log.nextOutputIndex();
    String itemId = Ids.outputItem(shown.prefix(), log.id().value(), index);
    Open call = new Open(function, callId, engineIndex, shown, index, itemId);
    open = call;
    count++;
    if (shown.early()) {
      log.append(added(call, ""));
    }
  }

  private static List<NextEvent> added(Open call, String arguments) {
    List<NextEvent> events = new ArrayList<>();
    var item = call.shown.begun(call.itemId, call.callId, arguments);
    events.add(seq -> new OutputItemEvent.Added(seq, call.outputIndex, item));
    events.addAll(call.shown.added(call.itemId, call.outputIndex));
    return events;
  }

  void arguments(String delta) throws InterruptedException {
    Open call = open;
    if (call == null || call.arguments.length() + delta.length() > MOST_ARGUMENTS) {
      return;
    }
    call.arguments.append(delta);
    if (call.shown.early()) {
      log.append(call.shown.arguments(call.itemId, call.outputIndex, delta));
    }
  }

  /** The call that is being made is whole. */
  void close() throws InterruptedException {
    Open call = open;
    if (call == null) {
      return;
    }
    open = null;
    String arguments = call.arguments.toString();
    List<NextEvent> events = new ArrayList<>();
    if (!call.shown.early()) {
      events.addAll(added(call, arguments));
    }
    events.addAll(call.shown.argumentsDone(call.itemId, call.outputIndex, arguments));
    log.append(
        events,
        new Entry.Called(call.outputIndex, call.itemId, call.callId, call.function, arguments));
  }

  /** The call that is being made. */
  private static final class Open {
    private final String function;
    private final String callId;
    private final int engineIndex;
    private final CallItem shown;
    private final int outputIndex;
    private final String itemId;
    private final StringBuilder arguments = new StringBuilder();

    private Open(
        String function,
        String callId,
        int engineIndex,
        CallItem shown,
        int outputIndex,
        String itemId) {
      this.function = function;
      this.callId = callId;
      this.engineIndex = engineIndex;
      this.shown = shown;
      this.outputIndex = outputIndex;
      this.itemId = itemId;
    }
  }
}
