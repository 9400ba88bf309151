package antiphon.server.cli;

import antiphon.server.settings.InvalidSettings;
import antiphon.server.settings.SettingsFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at settings without starting anything. */
@Command(
    name = "config",
    description = "Checks settings.",
    mixinStandardHelpOptions = true,
    subcommands = ConfigCommand.Check.class)
@SuppressWarnings("NullAway.Init")
final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: check.");
  }

  /** Tells every mistake in the file and the environment. */
  @Command(
      name = "check",
      description =
          "Tells every mistake in the configuration file and the environment, with its place;"
              + " the exit code is 1 if there is any.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init")
  static final class Check implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "FILE", description = "As for 'antiphon serve'.")
    private @Nullable Path config;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      try {
        var _ = SettingsFile.readAll(config, System.getenv());
        spec.commandLine()
            .getOut()
            .println(config == null ? "No mistake." : config + ": no mistake.");
        return 0;
      } catch (InvalidSettings e) {
        spec.commandLine().getErr().println(e.getMessage());
        return 1;
      } catch (IllegalArgumentException e) {
        throw new UserError(String.valueOf(e.getMessage()));
      }
    }
  }
}
