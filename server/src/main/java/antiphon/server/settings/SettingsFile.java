package antiphon.server.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the configuration file and the environment over the defaults. */
public final class SettingsFile {

  private SettingsFile() {}

  /**
   * The settings of the server itself; what is about engines, models and tenants is not looked at.
   *
   * @param file YAML, or null for none
   * @throws InvalidSettings telling every mistake with its place
   */
  public static ServerSettings read(@Nullable Path file, Map<String, String> environment) {
    Source source = new Source(environment);
    Section root = source.read(file == null ? "" : text(file));
    ServerSettings server = new ServerReader(root).read();
    // Commands that need no engine need no engine's key either.
    root.known(RoutingReader.KEYS);
    finish(file, source, root);
    return server;
  }

  /**
   * All settings.
   *
   * @param file YAML, or null for none
   * @throws InvalidSettings telling every mistake with its place
   */
  public static Settings readAll(@Nullable Path file, Map<String, String> environment) {
    Source source = new Source(environment);
    Section root = source.read(file == null ? "" : text(file));
    ServerSettings server = new ServerReader(root).read();
    RoutingSettings routing = new RoutingReader(source, root).read();
    finish(file, source, root);
    return new Settings(server, routing);
  }

  private static void finish(@Nullable Path file, Source source, Section root) {
    root.done();
    List<Mistake> mistakes = source.mistakes();
    if (!mistakes.isEmpty()) {
      throw new InvalidSettings(file, mistakes);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException _) {
      throw new IllegalArgumentException("There is no readable configuration file " + file + ".");
    }
  }

  /**
   * Everything that can be set.
   *
   * @param server about the server itself
   * @param routing about engines, models and tenants
   */
  public record Settings(ServerSettings server, RoutingSettings routing) {}
}
