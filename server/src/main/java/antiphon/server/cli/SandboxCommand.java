package antiphon.server.cli;

import antiphon.sandbox.install.PythonPackages;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SandboxSettings;
import antiphon.server.settings.SettingsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Gets what sandboxes need. */
@Command(
    name = "sandbox",
    description = "Gets the Python packages of the code interpreter.",
    mixinStandardHelpOptions = true,
    subcommands = {SandboxCommand.Install.class})
@SuppressWarnings("NullAway.Init")
final class SandboxCommand implements Runnable {

  @Option(names = "--data", paramLabel = "DIR", description = "The data folder.")
  private @Nullable Path data;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as YAML")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do with sandboxes: install.");
  }

  @Command(
      name = "install",
      description = "Installs numpy, pandas, matplotlib, openpyxl and pillow from PyPI.")
  @SuppressWarnings("NullAway.Init")
  static final class Install implements Callable<Integer> {
    @ParentCommand private SandboxCommand parent;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      SandboxSettings settings = SettingsFile.read(parent.config, System.getenv()).sandbox();
      Path packages = settings.packages();
      Path folder =
          packages == null ? DataFolder.of(parent.data, System.getenv()).packages() : packages;
      Path python = settings.python();
      PrintWriter err = spec.commandLine().getErr();
      try (LazyBar bar = new LazyBar("Packages", err)) {
        var installer =
            new PythonPackages(folder, python == null ? "/usr/bin/python3" : python.toString());
        var versions = installer.install(bytes -> bar.at(bytes, -1));
        spec.commandLine().getOut().println(folder + ": " + String.join(", ", versions));
        return 0;
      } catch (IOException e) {
        throw new UserError(String.valueOf(e.getMessage()));
      }
    }
  }
}
