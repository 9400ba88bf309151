package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.step.RunListener;
import antiphon.core.store.StoreListener;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.response.ResponseStatus;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.testkit.tool.ScriptedTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who listens to runs and to the store hears what happens, and can do no harm. */
class ListenerLifeTest {

  private static final String TOOL =
      "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"mcp\","
          + "\"server_label\":\"s\",\"server_url\":\"http://s\"}]";

  @TempDir Path folder;

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private boolean angry;

  private void note(String what) {
    heard.add(what);
    if (angry) {
      throw new AssertionError("a listener that fails");
    }
  }

  private final RunListener runs =
      new RunListener() {
        @Override
        public void began(Begun run) {
          note("began " + run.model() + " " + run.background() + " " + run.epoch());
        }

        @Override
        public void turnEnded(Begun run, ModelTurned turn, long nanos) {
          note("turn " + turn.engine() + " " + (turn.usage() != null) + " " + (nanos > 0));
        }

        @Override
        public void callEnded(Begun run, String function, long nanos) {
          note("call " + function);
        }

        @Override
        public void ended(Begun run, End end, long nanos) {
          note(
              switch (end) {
                case End.Ended(ResponseStatus status, var usage) ->
                    "ended " + status.wire() + " " + (usage.totalTokens() > 0);
                case End.Parked _ -> "parked";
                case End.Left _ -> "left";
              });
        }
      };

  private final StoreListener store =
      new StoreListener() {
        @Override
        public void submitted(String write) {
          note("submitted " + write);
        }

        @Override
        public void executing(String write) {
          note("executing " + write);
        }

        @Override
        public void executed(String write) {
          note("executed " + write);
        }

        @Override
        public void committing(int writes) {
          note("committing");
        }

        @Override
        public void committed(int writes, long nanos) {
          note("committed " + (writes > 0 && nanos > 0));
        }
      };

  private Node node(ScriptedEngine engine) {
    Storage storage =
        Storage.open(SettingsFile.read(null, Map.of()).store(), new DataFolder(folder), store);
    ServerTools tools =
        new ServerTools(
            List.of(
                new ScriptedTools().with("look", (call, _) -> ScriptedTools.done(call, "seen"))),
            ToolLimits.USUAL);
    return new Node(storage, engine, tools, runs);
  }

  private List<String> ofRuns() {
    synchronized (heard) {
      return heard.stream()
          .filter(what -> what.matches("(began|turn|call|ended|parked|left) .*"))
          .toList();
    }
  }

  @Test
  void aRunsTurnsCallsAndEndAreHeard() {
    try (Node node = node(new ScriptedEngine(Script.call("look", "{}")))) {
      assertThat(node.post("/responses", TOOL + "}").text("/output_text")).isEqualTo("seen");
      Await.until("the end", () -> ofRuns().size() == 5);
      assertThat(ofRuns())
          .containsExactly(
              "began scripted false 1",
              "turn scripted true true",
              "call look",
              "turn scripted true true",
              "ended completed true");
      String id = node.post("/responses", TOOL + ",\"background\":true}").text("/id");
      Await.until("the next end", () -> ofRuns().size() == 10);
      assertThat(ofRuns().get(5)).isEqualTo("began scripted true 1");
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("completed");
      assertThat(heard)
          .containsSubsequence(
              "submitted append",
              "executing append",
              "executed append",
              "committing",
              "committed true");
    }
  }

  @Test
  void aCancelledRunIsHeardOf() {
    Gate gate = new Gate(3);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    gate.pass(1);
    try (Node node = node(engine)) {
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}")
              .text("/id");
      Await.until("a word", () -> node.get("/responses/" + id).text("/output_text").equals("w0 "));
      assertThat(node.post("/responses/" + id + "/cancel", null).status()).isEqualTo(200);
      Await.until("the end", () -> ofRuns().size() == 3);
      assertThat(ofRuns().subList(1, 3))
          .containsExactly("turn scripted false true", "ended cancelled true");
    }
  }

  @Test
  void oneThatFailsDoesNoHarm() {
    angry = true;
    try (Node node = node(new ScriptedEngine(Script.call("look", "{}")))) {
      assertThat(node.post("/responses", TOOL + "}").text("/output_text")).isEqualTo("seen");
      String id = node.post("/responses", TOOL + ",\"background\":true}").text("/id");
      Await.until("done", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(ofRuns()).contains("ended completed true");
      assertThat(heard).contains("submitted insert", "committing", "committed true");
    }
  }
}
