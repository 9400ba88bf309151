package antiphon.server.cli;

import antiphon.core.sandbox.Readiness;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SandboxSettings;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Sandboxing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries what depends on the machine, and says what to change. */
@Command(
    name = "doctor",
    description = "Tries what depends on this machine, and says what to change.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--data", paramLabel = "DIR", description = "The data folder.")
  private @Nullable Path data;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as YAML")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  /** 0 if all is well, 1 if something does not work. */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SandboxSettings settings = SettingsFile.read(config, System.getenv()).sandbox();
    if (!settings.enabled()) {
      out.println("sandboxes: switched off (sandbox.enabled)");
      return 0;
    }
    Path given = settings.packages();
    Path packages = given == null ? DataFolder.of(data, System.getenv()).packages() : given;
    return switch (Sandboxing.readiness(settings, packages)) {
      case Readiness.Works works -> {
        out.println("sandboxes: work");
        works.notes().forEach(note -> out.println("  note: " + note));
        yield 0;
      }
      case Readiness.Off off -> {
        out.println("sandboxes: do not work: " + off.reason());
        out.println("  to do: " + off.advice());
        yield 1;
      }
    };
  }
}
