package antiphon.core.tool;

import antiphon.core.engine.DeferredTool;
import antiphon.protocol.item.Item;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import java.util.List;
import java.util.Optional;

/**
 * Tools of one run. Calls of it may come at the same time, from several threads; the others come
 * one after another.
 *
 * <p>Interrupting a thread inside {@link #prepare} or {@link #run} stops the tool at once: when
 * they have thrown {@link InterruptedException} nothing is running any more on the run's behalf.
 */
public interface ToolSession extends AutoCloseable {

  /**
   * Makes ready for the model's next turn, which may take time and may write items of its own, such
   * as a list of tools.
   *
   * @param conversation everything so far, output items of this run included
   * @param output takes such items
   * @throws ToolException if the run cannot go on without
   */
  default void prepare(List<Item> conversation, ToolOutputSink output)
      throws InterruptedException, ToolException {}

  /** What the model is offered now. Names are unique in the run, and not those of the client's. */
  List<FunctionTool> functions();

  /**
   * Whether it searches the tools that wait to be loaded. Where nobody does, none waits. Such a
   * session is told of them before it is asked for its {@link #functions}.
   */
  default boolean searchesTools() {
    return false;
  }

  /** All tools that wait to be loaded or have been, of the client and of other sessions. */
  default void searchable(List<DeferredTool> tools) {}

  /**
   * The functions that a choice means which names a tool of this session.
   *
   * @return none if it means none of these
   */
  default List<String> chosen(ToolChoice choice) {
    return List.of();
  }

  /**
   * Calls that are due before the model's first turn, such as those that a client has approved in
   * the request's input. A call whose id this run has begun already is not begun again.
   */
  default List<DueCall> due(List<Item> conversation) {
    return List.of();
  }

  /**
   * How a call shows in the output. The model has said its name and nothing else yet.
   *
   * @param function one of {@link #functions}
   */
  CallItem show(String function);

  /** The same for a call that was {@linkplain #due due}. */
  default CallItem show(DueCall call) {
    return show(call.function());
  }

  /**
   * Whether a call that may have run before a crash may be run again: it changes nothing, or
   * repeating it does no harm.
   */
  default boolean repeatable(ToolCall call) {
    return false;
  }

  /**
   * Runs a call. That it runs is durable in a background response before this is called.
   *
   * @param call as the model made it; its arguments may be no JSON
   * @param progress takes events on the way
   * @return what came of it; a failure of the tool is an outcome too, for the model to see
   */
  ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException;

  /** The item of a call that was interrupted by a crash and is not repeated, or was never run. */
  Item notRun(ToolCall call, String reason);

  /**
   * What the model is shown in its next turn, outputs of this run's calls included. A run that goes
   * on elsewhere knows by it what the run before has given out.
   */
  default void shown(List<Item> items) {}

  /** Whether the model may cite what it is given, by marks that are no part of its text. */
  default boolean cites() {
    return false;
  }

  /**
   * What a mark stands for.
   *
   * @param mark without its brackets; one letter and a number
   */
  default Optional<Citation> citation(String mark) {
    return Optional.empty();
  }

  @Override
  default void close() {}

  /**
   * A call that the model need not make.
   *
   * @param callId unique in the run and the same whenever it is asked for
   * @param function one of {@link #functions}, or one that the session alone knows
   * @param arguments JSON
   */
  record DueCall(String callId, String function, String arguments) {}
}
