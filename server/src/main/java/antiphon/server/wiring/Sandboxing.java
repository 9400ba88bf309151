package antiphon.server.wiring;

import antiphon.core.api.Containers;
import antiphon.core.api.Files;
import antiphon.core.container.ContainerStore;
import antiphon.core.file.FileId;
import antiphon.core.sandbox.Readiness;
import antiphon.core.tool.ToolRunner;
import antiphon.sandbox.agent.JailedSandboxes;
import antiphon.sandbox.agent.SandboxLimits;
import antiphon.sandbox.container.ContainerService;
import antiphon.sandbox.container.ContainerSettings;
import antiphon.sandbox.container.FileSource;
import antiphon.sandbox.jail.JailSettings;
import antiphon.sandbox.tool.CodeInterpreterRunner;
import antiphon.sandbox.tool.SandboxToolSettings;
import antiphon.sandbox.tool.ShellRunner;
import antiphon.server.settings.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sandboxes, containers and the tools that run in them, put together. */
public final class Sandboxing implements AutoCloseable {

  private static final long MIB = 1L << 20;

  private final JailedSandboxes sandboxes;
  private final ContainerService containers;
  private final SandboxToolSettings tools;

  /**
   * @param packages the folder of Python's packages; left out where it is not there
   * @param node this node's name
   * @param files to copy into containers; null where none are kept
   */
  public Sandboxing(
      SandboxSettings settings,
      Path packages,
      String node,
      ContainerStore store,
      @Nullable Files files) {
    sandboxes = sandboxes(settings, packages);
    ContainerSettings usual = ContainerSettings.DEFAULT;
    containers =
        new ContainerService(
            new ContainerSettings(
                settings.idleMinutes(),
                Math.max(settings.idleMinutes(), usual.mostIdleMinutes()),
                settings.maxPerTenant(),
                Math.min(usual.maxFileBytes(), settings.diskMib() * MIB),
                usual.lease()),
            node,
            store,
            sandboxes,
            settings.memoryMib() * MIB,
            files == null ? FileSource.NONE : source(files));
    SandboxToolSettings limits = SandboxToolSettings.DEFAULT;
    tools =
        new SandboxToolSettings(
            Duration.ofSeconds(settings.cellSeconds()),
            limits.command(),
            limits.longest(),
            limits.outputChars());
  }

  private static JailedSandboxes sandboxes(SandboxSettings settings, Path packages) {
    return new JailedSandboxes(
        new JailSettings(
            settings.bubblewrap(),
            settings.python(),
            java.nio.file.Files.isDirectory(packages) ? packages : null,
            List.of(),
            settings.firstUser(),
            true,
            new JailSettings.Bounds(
                settings.diskMib() * MIB,
                JailSettings.Bounds.DEFAULT.files(),
                settings.maxProcesses(),
                JailSettings.Bounds.DEFAULT.openFiles(),
                settings.processors())),
        new SandboxLimits(
            settings.maxContainers(),
            settings.warm(),
            settings.memoryMib() * MIB,
            settings.maxMemoryMib() * MIB));
  }

  /** Whether sandboxes work on this machine. */
  public static Readiness readiness(SandboxSettings settings, Path packages) {
    try (JailedSandboxes trial = sandboxes(settings, packages)) {
      return trial.readiness();
    }
  }

  private static FileSource source(Files files) {
    return (owner, fileId) -> {
      Files.Content content = files.content(new FileId(owner, fileId));
      return new FileSource.Source(content.file().filename(), content.bytes());
    };
  }

  /** Begins to end containers that nobody uses. */
  public void start() {
    containers.start();
  }

  /** The operations on containers. */
  public Containers containers() {
    return containers;
  }

  /** What runs the tools. */
  public List<ToolRunner> runners() {
    return List.of(
        new CodeInterpreterRunner(containers, tools), new ShellRunner(containers, tools));
  }

  @Override
  public void close() {
    containers.close();
    sandboxes.close();
  }
}
