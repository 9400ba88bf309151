package antiphon.server;

import antiphon.server.cli.AntiphonCommand;

/** The program's entry. */
public final class Main {

  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(AntiphonCommand.commandLine().execute(args));
  }
}
