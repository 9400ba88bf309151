package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents and who calls them, on two nodes. */
class AgentClusterTest {

  @TempDir Path folder;

  /** Notes which node has asked the model for whom. */
  private static Script noting(String node, Map<String, Set<String>> where, Script script) {
    return (turn, sink) -> {
      where.computeIfAbsent(AgentLifeTest.who(turn), _ -> ConcurrentHashMap.newKeySet()).add(node);
      return script.play(turn, sink);
    };
  }

  @Test
  void agentsWorkOnAnyNodeAndACancelOnAnotherTakesThemAlong() throws Exception {
    Map<String, Set<String>> where = new ConcurrentHashMap<>();
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      StoreSettings settings =
          new StoreSettings(PostgresServer.url(postgres.port(), postgres.database()), null, 30, 24);
      Script script = AgentLifeTest.delegating("helper", "sleeper");
      try (AgentLifeTest.Started first =
              AgentLifeTest.start(
                  Storage.open(settings, new DataFolder(folder.resolve("a"))),
                  noting("a", where, script));
          AgentLifeTest.Started second =
              AgentLifeTest.start(
                  Storage.open(settings, new DataFolder(folder.resolve("b"))),
                  noting("b", where, script))) {
        List<String> ids = new ArrayList<>();
        // Until both have worked as agents.
        while (ids.size() < 30 && where.getOrDefault("Be brief.", Set.of()).size() < 2) {
          Node node = ids.size() % 2 == 0 ? first.node() : second.node();
          String id = AgentLifeTest.begin(node, "helper", "sleeper");
          ids.add(id);
          Await.until("the agents", () -> asleep(second.node(), id));
        }
        assertThat(where.get("Be brief.")).containsExactlyInAnyOrder("a", "b");
        for (String id : ids) {
          Answer cancelled = second.node().post("/responses/" + id + "/cancel", null);
          assertThat(cancelled.text("/status")).as(cancelled.body()).isEqualTo("cancelled");
          Await.until("the sleeper's end", () -> sleepersEnded(first.node(), id));
          assertThat(first.node().get("/responses/" + id).body())
              .isEqualTo(second.node().get("/responses/" + id).body());
        }
      }
    }
  }

  private static List<JsonNode> agentsOf(Node node, String id) {
    return AgentLifeTest.others(node, id).stream()
        .filter(one -> one.at("/metadata/parent_response_id").asString("").equals(id))
        .toList();
  }

  private static boolean asleep(Node node, String id) {
    List<JsonNode> agents = agentsOf(node, id);
    return agents.size() == 2
        && agents.stream().anyMatch(one -> AgentLifeTest.sleeps(node, AgentLifeTest.id(one)))
        && agents.stream().anyMatch(one -> one.get("status").asString().equals("completed"));
  }

  private static boolean sleepersEnded(Node node, String id) {
    return agentsOf(node, id).stream()
        .map(one -> one.get("status").asString())
        .sorted()
        .toList()
        .equals(List.of("cancelled", "completed"));
  }
}
