package antiphon.tools.sleep;

import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.tool.SleepTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.own.OwnItem;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Runs the tool {@code sleep}. */
public final class SleepRunner implements ToolRunner {

  static final String NAME = "sleep";

  private final InstantSource clock;

  /**
   * @param clock the one by which responses are woken
   */
  public SleepRunner(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof SleepTool;
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    return new SleepSession(clock);
  }

  @Override
  public Optional<List<Item>> told(Item item) {
    return OwnItem.told(item, NAME);
  }
}
