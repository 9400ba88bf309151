package antiphon.server.cli;

import antiphon.core.store.Redacted;
import antiphon.core.store.StoreException;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.InvalidSettings;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's name and its commands. */
@Command(
    name = "antiphon",
    description = "A self-hosted server for the Responses API, in front of any engine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      KeysCommand.class,
      ModelsCommand.class,
      SearchCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      SandboxCommand.class,
      RehearseCommand.class
    })
public final class AntiphonCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Made by {@link #commandLine}. */
  @SuppressWarnings("NullAway.Init")
  private AntiphonCommand() {}

  /** The command line: what a person did wrong is one line, not a stack trace. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new AntiphonCommand());
    line.setExecutionExceptionHandler((failure, command, _) -> {
      PrintWriter err = command.getErr();
      switch (failure) {
        case UserError _, StoreException _, InvalidSettings _, DataFolder.Unusable _ ->
            err.println("antiphon: " + failure.getMessage());
        default -> failure.printStackTrace(err);
      }
      return 1;
    });
    line.setParameterExceptionHandler((mistake, _) -> misused(mistake));
    return line;
  }

  /** As picocli does it; but what was typed may be an address with a password. */
  private static int misused(ParameterException mistake) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(Redacted.of(String.valueOf(mistake.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(mistake, err)) {
      command.usage(err);
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say which command: serve, demo, keys, models, search, config, doctor or sandbox.");
  }
}
