package antiphon.tools.mcp.client;

import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A way to a server that has introduced itself. */
interface Link extends AutoCloseable {

  /**
   * Asks and waits for the answer. Interrupting the thread ends it at once; the server is told.
   *
   * @param silence how long without a sign of life
   * @param whole how long in any case
   * @param progress takes what the server says of its progress
   * @return the result
   */
  JsonNode ask(
      String method,
      ObjectNode params,
      Duration silence,
      Duration whole,
      Consumer<JsonNode> progress)
      throws McpException, InterruptedException;

  /** Ends the session and every connection. Returns at once; the server is told in passing. */
  @Override
  void close();
}
