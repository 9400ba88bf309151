package antiphon.tools.mcp;

import antiphon.core.tool.ToolOutputSink;
import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.protocol.item.Item;
import antiphon.tools.mcp.client.ListedTool;
import antiphon.tools.mcp.client.McpException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Asks servers for their tools, several at a time, and shows what they have in their order. */
final class Listing {

  private static final int AT_ONCE = 16;

  private final List<Asked> asked = new ArrayList<>();

  private Listing() {}

  /**
   * Lists what has not been listed yet, or has changed since. A server that does not answer has no
   * tools in this run, and its item says why.
   *
   * @throws InterruptedException if interrupted; then nobody is asked any more
   */
  static void of(List<Remote> remotes, List<Item> conversation, ToolOutputSink output)
      throws InterruptedException {
    Listing listing = new Listing();
    for (Remote remote : remotes) {
      if (remote.unlisted(conversation)) {
        listing.asked.add(new Asked(remote));
      }
    }
    if (!listing.asked.isEmpty()) {
      listing.run(output);
    }
  }

  private void run(ToolOutputSink output) throws InterruptedException {
    Semaphore places = new Semaphore(AT_ONCE);
    TraceParent trace = TraceScope.current();
    boolean whole = false;
    try {
      for (Asked one : asked) {
        one.begin(output);
        one.thread =
            Thread.ofVirtual()
                .name("antiphon-mcp-list")
                .start(() -> TraceScope.run(trace, () -> one.ask(places)));
      }
      for (Asked one : asked) {
        one.thread.join();
        one.end(output);
      }
      whole = true;
    } finally {
      if (!whole) {
        stop();
      }
    }
  }

  /** Nobody is asked any more when this is over. */
  private void stop() {
    asked.forEach(one -> one.thread.interrupt());
    boolean interrupted = false;
    for (Asked one : asked) {
      while (one.thread.isAlive()) {
        try {
          one.thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A server that is asked. */
  private static final class Asked {

    private final Remote remote;
    private final String label;
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});
    private ToolOutputSink.@Nullable Open item;
    private @Nullable List<ListedTool> tools;
    private String error = "The server was not asked.";

    Asked(Remote remote) {
      this.remote = remote;
      label = remote.target().label();
    }

    /** The first list is shown from its beginning; a later one only if it is another. */
    void begin(ToolOutputSink output) throws InterruptedException {
      if (!remote.listed()) {
        item = open(output);
      }
    }

    private ToolOutputSink.Open open(ToolOutputSink output) throws InterruptedException {
      return output.add(
          "mcpl",
          id -> McpItems.asking(id, label),
          (id, index) -> List.of(McpItems.listing(id, index)));
    }

    void ask(Semaphore places) {
      try {
        places.acquire();
        try {
          tools = remote.connection().list();
        } finally {
          places.release();
        }
      } catch (McpException e) {
        error = e.getMessage();
      } catch (InterruptedException _) {
        // Whoever waits for it has been interrupted, and knows.
      }
    }

    void end(ToolOutputSink output) throws InterruptedException {
      List<ListedTool> before = remote.tools();
      List<ListedTool> listed = tools;
      if (listed != null) {
        remote.know(listed);
      } else if (item != null) {
        remote.know(List.of());
      } else {
        // What was listed before may still be there; a call will tell.
        return;
      }
      if (item == null && !remote.tools().equals(before)) {
        item = open(output);
      }
      if (item != null) {
        close(item, listed != null);
      }
    }

    private void close(ToolOutputSink.Open open, boolean well) throws InterruptedException {
      String id = open.itemId();
      int index = open.outputIndex();
      if (well) {
        boolean filtered = !remote.target().allowed().all();
        open.done(
            List.of(McpItems.listed(id, index)),
            McpItems.list(id, label, remote.tools(), filtered));
      } else {
        remote.fail(error);
        open.done(List.of(McpItems.notListed(id, index)), McpItems.noList(id, label, error));
      }
    }
  }
}
