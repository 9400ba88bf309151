package antiphon.core.step;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event of an engine that speaks Responses itself, which may be of a call that this server runs.
 *
 * @param event as the engine sent it
 */
record PassedCall(ObjectNode event) {

  /** Something that is to be closed first. */
  @FunctionalInterface
  interface Closing {
    void close() throws InterruptedException;
  }

  /**
   * Writes it, if it is of such a call.
   *
   * @param before closes the item before, when a call begins
   * @return false if it is not
   */
  boolean write(ServerCallWriter calls, Closing before) throws InterruptedException {
    int index = event.path("output_index").asInt(-1);
    JsonNode item = event.path("item");
    String type = event.path("type").asString("");
    if (type.equals("response.output_item.added") && isCall(calls, item)) {
      before.close();
      String callId = item.path("call_id").asString(item.path("id").asString(""));
      calls.begin(item.path("name").asString(""), callId, index);
      calls.arguments(item.path("arguments").asString(""));
      return true;
    }
    if (!calls.isOpen(index)) {
      return false;
    }
    switch (type) {
      case "response.function_call_arguments.delta" ->
          calls.arguments(event.path("delta").asString(""));
      case "response.function_call_arguments.done" -> whole(calls, event);
      case "response.output_item.done" -> {
        whole(calls, item);
        calls.close();
      }
      default -> {}
    }
    return true;
  }

  private static boolean isCall(ServerCallWriter calls, JsonNode item) {
    return item.path("type").asString("").equals("function_call")
        && calls.takes(item.path("name").asString(""));
  }

  /** Some engines send the arguments in one piece. */
  private static void whole(ServerCallWriter calls, JsonNode told) throws InterruptedException {
    if (calls.isBare()) {
      calls.arguments(told.path("arguments").asString(""));
    }
  }
}
