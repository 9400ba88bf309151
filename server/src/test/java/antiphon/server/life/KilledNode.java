package antiphon.server.life;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Piece;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import java.nio.file.Path;
import java.util.List;

/**
 * A node whose model calls three tools of an MCP server, one after another; a process of its own
 * that is killed while it does.
 */
final class KilledNode {

  /** What the model calls, in this order. */
  static final List<String> TOOLS = List.of("one", "two", "three");

  private KilledNode() {}

  /**
   * Tells when it is ready and its response begins, and when that has ended.
   *
   * @param args the database's address or folder, a folder, and the MCP server's URL
   */
  public static void main(String[] args) {
    try (Node node = open(args[0], Path.of(args[1]))) {
      System.out.println("ready");
      System.out.flush();
      String id = node.post("/responses", request(args[2])).text("/id");
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      System.out.println("ended");
      System.out.flush();
    }
  }

  static Node open(String database, Path folder) {
    boolean address = database.startsWith("postgres");
    Storage storage =
        Storage.open(
            new StoreSettings(address ? database : null, null, 30, 24), new DataFolder(folder));
    return new Node(
        storage,
        new ScriptedEngine(script()),
        new ReasoningSeal(new byte[32]),
        LocalMcp.tools(storage));
  }

  private static Script script() {
    return (turn, sink) -> {
      List<String> told = Script.outputs(turn);
      if (told.size() == TOOLS.size()) {
        sink.accept(new Piece.Text(String.join("|", told)));
        return ScriptedEngine.stop(turn, 1);
      }
      String tool = TOOLS.get(told.size());
      sink.accept(
          new Piece.ToolCall(0, "call_" + tool, "srv__" + tool, Piece.ToolCall.Kind.FUNCTION));
      sink.accept(new Piece.ToolCallDelta(0, "{}"));
      return ScriptedEngine.stop(turn, 1);
    };
  }

  static String request(String url) {
    return "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"tools\":[{\"type\":\"mcp\","
        + "\"server_label\":\"srv\",\"server_url\":\""
        + url
        + "\",\"require_approval\":\"never\"}]}";
  }
}
