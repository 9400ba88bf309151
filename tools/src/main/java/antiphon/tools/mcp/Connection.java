package antiphon.tools.mcp;

import antiphon.tools.mcp.client.Deadlines;
import antiphon.tools.mcp.client.ListedTool;
import antiphon.tools.mcp.client.McpClient;
import antiphon.tools.mcp.client.McpException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The connection of a run to one server: opened when it is first needed, opened again where the
 * server has forgotten its session, closed with the run.
 */
final class Connection implements AutoCloseable {

  private final Target target;
  private final Deadlines deadlines;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable McpClient client;
  private volatile int known;
  private volatile boolean stale;
  private boolean closed;

  Connection(Target target, Deadlines deadlines) {
    this.target = target;
    this.deadlines = deadlines;
  }

  /** Whether the tools are others than those that were listed, as far as the server has told. */
  boolean changed() {
    McpClient open = client;
    return stale || (open != null && open.changes() != known);
  }

  List<ListedTool> list() throws McpException, InterruptedException {
    try {
      return list(open());
    } catch (McpException e) {
      if (e.kind() != McpException.Kind.SESSION_OVER) {
        throw e;
      }
      forget();
      return list(open());
    }
  }

  private List<ListedTool> list(McpClient open) throws McpException, InterruptedException {
    int before = open.changes();
    List<ListedTool> tools = open.listTools();
    known = before;
    stale = false;
    return tools;
  }

  JsonNode call(String tool, ObjectNode arguments) throws McpException, InterruptedException {
    try {
      return open().call(tool, arguments, _ -> {});
    } catch (McpException e) {
      if (e.kind() == McpException.Kind.SESSION_OVER) {
        forget();
        return open().call(tool, arguments, _ -> {});
      }
      // The tool may be gone: the next turn is offered what there is then.
      stale = stale || McpClient.unknown(e);
      throw e;
    }
  }

  private McpClient open() throws McpException, InterruptedException {
    opening.lockInterruptibly();
    try {
      if (closed) {
        throw new InterruptedException();
      }
      McpClient open = client;
      if (open == null) {
        open = McpClient.open(target.server(), deadlines);
        client = open;
        known = open.changes();
      }
      return open;
    } finally {
      opening.unlock();
    }
  }

  private void forget() throws InterruptedException {
    opening.lockInterruptibly();
    try {
      client = null;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      if (client != null) {
        client.close();
        client = null;
      }
    } finally {
      opening.unlock();
    }
  }
}
