package antiphon.server.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the configuration file and the environment over the defaults. */
public final class SettingsFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private SettingsFile() {}

  /**
   * The settings.
   *
   * @param file YAML, or null for none
   * @throws IllegalArgumentException naming the file, the line and the mistake
   */
  public static ServerSettings read(@Nullable Path file, Map<String, String> environment) {
    ServerSettings settings = file == null ? ServerSettings.DEFAULT : read(file).over();
    String host = environment.getOrDefault("ANTIPHON_HOST", settings.host());
    int port = port(environment.get("ANTIPHON_PORT"), settings.port());
    String model = environment.get("ANTIPHON_MODEL");
    return settings
        .at(host, port, model == null || model.isBlank() ? settings.model() : Path.of(model))
        .keptIn(text(environment, "ANTIPHON_STORE"), text(environment, "ANTIPHON_SIGNALS"));
  }

  private static @Nullable String text(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? null : value;
  }

  private static Keys read(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("There is no readable configuration file " + file + ".");
    }
    try {
      Keys keys = YAML.readValue(file.toFile(), Keys.class);
      return keys == null ? new Keys(null, null, null, null, null) : keys;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place = at == null ? "" : ", line " + at.getLineNr();
      throw new IllegalArgumentException(file + place + ": " + e.getOriginalMessage(), e);
    }
  }

  private static int port(@Nullable String given, int otherwise) {
    if (given == null || given.isBlank()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(given.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("ANTIPHON_PORT is no number: " + given, e);
    }
  }

  /** The file's form: every key may be left out. */
  record Keys(
      @Nullable Listen server,
      @Nullable Web web,
      @Nullable Runs runs,
      @Nullable Store store,
      @Nullable Embedded embedded) {

    ServerSettings over() {
      ServerSettings usual = ServerSettings.DEFAULT;
      Listen listen = server == null ? new Listen(null, null) : server;
      return new ServerSettings(
          or(listen.host, usual.host()),
          or(listen.port, usual.port()),
          embedded == null || embedded.model == null ? null : Path.of(embedded.model),
          web == null ? usual.web() : web.over(usual.web()),
          runs == null ? usual.runs() : runs.over(usual.runs()),
          store == null ? usual.store() : store.over(usual.store()),
          embedded == null ? usual.embedded() : embedded.over(usual.embedded()));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
      return given == null ? otherwise : given;
    }

    record Listen(@Nullable String host, @Nullable Integer port) {}

    record Web(@Nullable Integer maxBodyMib, @Nullable List<String> corsOrigins) {
      ServerSettings.Web over(ServerSettings.Web usual) {
        return new ServerSettings.Web(
            or(maxBodyMib, usual.maxBodyMib()), or(corsOrigins, usual.corsOrigins()));
      }
    }

    record Runs(
        @Nullable Integer maxRunning,
        @Nullable Integer maxWaiting,
        @Nullable Integer leaseSeconds,
        @Nullable Integer maxDeaths,
        @Nullable Integer graceSeconds) {
      ServerSettings.Runs over(ServerSettings.Runs usual) {
        return new ServerSettings.Runs(
            maxRunning,
            or(maxWaiting, usual.maxWaiting()),
            or(leaseSeconds, usual.leaseSeconds()),
            or(maxDeaths, usual.maxDeaths()),
            or(graceSeconds, usual.graceSeconds()));
      }
    }

    record Store(
        @Nullable String url,
        @Nullable String signals,
        @Nullable Integer retentionDays,
        @Nullable Integer logHours) {
      StoreSettings over(StoreSettings usual) {
        return new StoreSettings(
            url, signals, or(retentionDays, usual.retentionDays()), or(logHours, usual.logHours()));
      }
    }

    record Embedded(
        @Nullable String model,
        @Nullable Integer sequences,
        @Nullable Integer threads,
        @Nullable Integer contextLength) {
      ServerSettings.Embedded over(ServerSettings.Embedded usual) {
        return new ServerSettings.Embedded(
            or(sequences, usual.sequences()), threads, contextLength);
      }
    }
  }
}
