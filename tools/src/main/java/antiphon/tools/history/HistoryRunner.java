package antiphon.tools.history;

import antiphon.core.memory.Memory;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.tool.HistoryTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.own.OwnItem;
import java.util.List;
import java.util.Optional;

/** Runs the tool {@code history}. Stored responses that have it are remembered themselves. */
public final class HistoryRunner implements ToolRunner {

  static final String NAME = "history";

  private final Memory memory;

  public HistoryRunner(Memory memory) {
    this.memory = memory;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof HistoryTool;
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    return new HistorySession(memory, context);
  }

  @Override
  public Optional<List<Item>> told(Item item) {
    return OwnItem.told(item, NAME);
  }
}
