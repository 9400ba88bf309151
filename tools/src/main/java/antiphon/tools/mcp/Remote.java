package antiphon.tools.mcp;

import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpListTools;
import antiphon.tools.mcp.client.Deadlines;
import antiphon.tools.mcp.client.ListedTool;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server of a run, and what is known of its tools. Prepared by one thread at a time. */
final class Remote implements AutoCloseable {

  private final Target target;
  private final Connection connection;
  private volatile @Nullable List<ListedTool> tools;
  private volatile @Nullable String error;

  Remote(Target target, Deadlines deadlines) {
    this.target = target;
    connection = new Connection(target, deadlines);
  }

  Target target() {
    return target;
  }

  Connection connection() {
    return connection;
  }

  /** The tools that may be used; none while they have not been listed. */
  List<ListedTool> tools() {
    List<ListedTool> known = tools;
    return known == null ? List.of() : known;
  }

  /** Whether it has been asked, or a list of it was in the conversation. */
  boolean listed() {
    return tools != null;
  }

  /** Why it could not be asked; null if it could. */
  @Nullable String error() {
    return error;
  }

  void fail(String why) {
    error = why;
  }

  void know(List<ListedTool> listed) {
    tools =
        listed.stream()
            .filter(tool -> target.allowed().matches(tool.name(), tool.annotations()))
            .toList();
  }

  /** Whether its tools have to be asked for, seeing what the conversation has. */
  boolean unlisted(List<Item> conversation) {
    if (tools == null) {
      McpListTools kept = kept(conversation);
      if (kept == null) {
        return true;
      }
      know(McpItems.tools(kept));
    }
    return connection.changed();
  }

  /** The newest list of it in the conversation; null if there is none that will do. */
  private @Nullable McpListTools kept(List<Item> conversation) {
    for (int i = conversation.size() - 1; i >= 0; i--) {
      if (conversation.get(i) instanceof McpListTools list
          && list.serverLabel().equals(target.label())
          && !McpItems.brokenOff(list)) {
        return list.error() == null && suffices(list) ? list : null;
      }
    }
    return null;
  }

  /** A list of some tools is none for a request that allows others. */
  private boolean suffices(McpListTools list) {
    Set<String> names = target.allowed().names();
    return !McpItems.filtered(list)
        || (names != null
            && list.tools().stream().map(tool -> tool.name()).toList().containsAll(names));
  }

  @Override
  public void close() {
    connection.close();
  }
}
