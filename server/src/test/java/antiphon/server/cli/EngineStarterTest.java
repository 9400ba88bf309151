package antiphon.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engines;
import antiphon.core.engine.Route;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.RoutingSettings;
import antiphon.server.settings.SettingsFile;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the file to engines that answer. */
@Timeout(60)
class EngineStarterTest {

  private static final String STOP =
      "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fine\"},\"finish_reason\":\"stop\"}]}";

  @TempDir Path folder;

  @Test
  void aReplicaThatIsDownIsPassedOver() throws Exception {
    try (FakeUpstream up =
            new FakeUpstream((request, answer) -> answer.stream().data(STOP, "[DONE]"));
        FakeUpstream down = new FakeUpstream((request, answer) -> answer.json(503, "{}"))) {
      Path file =
          Files.writeString(
              folder.resolve("antiphon.yaml"),
              """
              engines:
                - {name: pair, urls: ["%s", "%s"], max_concurrency: 3, key_env: KEY}
              models:
                public: {model: own}
              """
                  .formatted(down.url(), up.url()));
      SettingsFile.Settings settings = SettingsFile.readAll(file, Map.of("KEY", "k-1"));
      RoutingSettings routing = settings.routing();
      try (Engines engines =
          new EngineStarter(
                  settings.server(), new DataFolder(folder), new PrintWriter(new StringWriter()))
              .start(routing.engines(), routing.models())) {
        assertThat(engines.places()).isEqualTo(Map.of("pair", 3));
        Route route = engines.route("public").orElseThrow();
        for (int i = 0; i < 6; i++) {
          Heard heard = new Heard();
          route.engine().generate(Turns.hello().on(route.model()), heard);
          assertThat(heard.text()).isEqualTo("fine");
        }
        assertThat(up.requests().getLast().body()).contains("\"model\":\"own\"");
        assertThat(up.requests().getLast().headers()).containsEntry("authorization", "Bearer k-1");
      }
    }
  }
}
