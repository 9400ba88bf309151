package antiphon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.create.UnavailableTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {

  @TempDir Path folder;

  @Test
  void everyDefault() {
    ServerSettings settings = SettingsFile.read(null, Map.of());
    assertThat(settings)
        .isEqualTo(
            new ServerSettings(
                "127.0.0.1",
                8080,
                null,
                new ServerSettings.Web(16, List.of()),
                new ServerSettings.Runs(null, 10_000, 15, 3, 10, 32),
                new StoreSettings(null, null, 30, 24),
                new ServerSettings.Embedded(4, null, null),
                UnavailableTools.LEAVE_OUT));
  }

  @Test
  void everyKey() throws IOException {
    Path file =
        write(
            """
            server:
              host: 0.0.0.0
              port: 9000
            web:
              max_body_mib: 2
              cors_origins: ["https://example.org"]
            tools:
              unavailable: refuse
            runs:
              max_running: 7
              max_waiting: 8
              lease_seconds: 9
              max_deaths: 10
              grace_seconds: 11
              max_conversation_mib: 12
            store:
              url: postgresql://db/antiphon
              signals: redis://cache
              retention_days: 2
              log_hours: 3
            embedded:
              model: /models/a.gguf
              sequences: 2
              threads: 3
              context_length: 4096
            """);
    assertThat(SettingsFile.read(file, Map.of()))
        .isEqualTo(
            new ServerSettings(
                "0.0.0.0",
                9000,
                Path.of("/models/a.gguf"),
                new ServerSettings.Web(2, List.of("https://example.org")),
                new ServerSettings.Runs(7, 8, 9, 10, 11, 12),
                new StoreSettings("postgresql://db/antiphon", "redis://cache", 2, 3),
                new ServerSettings.Embedded(2, 3, 4096),
                UnavailableTools.REFUSE));
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() throws IOException {
    Path file = write("server: {host: 0.0.0.0, port: 9000}");
    ServerSettings settings =
        SettingsFile.read(
            file,
            Map.of("ANTIPHON_HOST", "::1", "ANTIPHON_PORT", "1", "ANTIPHON_MODEL", "/m.gguf"));
    assertThat(settings.host()).isEqualTo("::1");
    assertThat(settings.port()).isEqualTo(1);
    assertThat(settings.model()).isEqualTo(Path.of("/m.gguf"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {port: 70000} | server.port",
        "runs: {lease_seconds: 0} | runs.lease_seconds",
        "embedded: {sequences: 0} | embedded.sequences",
        "web: {max_body_mib: 0} | web.max_body_mib",
        "nonsense: 1 | nonsense",
        "server: {port: many} | many"
      })
  void aMistakeIsNamed(String yaml, String named) throws IOException {
    Path file = write(yaml);
    assertThatThrownBy(() -> SettingsFile.read(file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("antiphon.yaml"), yaml);
  }
}
