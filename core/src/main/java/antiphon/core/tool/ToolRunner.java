package antiphon.core.tool;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.Tool;
import java.util.List;
import java.util.Optional;

/**
 * Runs tools of some kinds on the server. Shared by all runs and safe for many threads.
 *
 * <p>The model sees such a tool as functions. Its calls of them become items of the tool's own kind
 * in the output, are run here, and what they gave back is the model's to see in its next turn.
 */
public interface ToolRunner extends AutoCloseable {

  /** Whether it runs this tool. Asked for each tool of each request: quick. */
  boolean serves(Tool tool);

  /**
   * Says what of a tool cannot be done, before a response is made of the request.
   *
   * @param owner who asks
   * @param request the whole request
   * @param index which of its tools
   * @return the first field that is refused, named from the request's root
   */
  default Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    return Optional.empty();
  }

  /**
   * Opens tools for one run. Returns at once: what takes time belongs to {@link
   * ToolSession#prepare}.
   *
   * @param tools those that it {@linkplain #serves serves}, at least one
   */
  ToolSession open(ToolContext context, List<Tool> tools);

  /**
   * What the model is to see in place of an output item that some server-run tool has left in a
   * conversation, where its own record is not at hand: the client sent it, or its response is gone.
   *
   * @return empty if the item is none of its kinds; an empty list to leave it out
   */
  default Optional<List<Item>> told(Item item) {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
