package antiphon.server.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
      ConfigCommand.class,
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
      if (failure instanceof UserError) {
        err.println("antiphon: " + failure.getMessage());
      } else {
        failure.printStackTrace(err);
      }
      return 1;
    });
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say which command: serve, demo, keys or config.");
  }
}
