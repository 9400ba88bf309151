package antiphon.server.cli;

import antiphon.server.rehearsal.Rehearsal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** For the launcher: what this loads is put into the cache that makes starts fast. */
@Command(
    name = "rehearse",
    description = "Starts a server for a second, so that the next start is faster.",
    mixinStandardHelpOptions = true,
    hidden = true)
@SuppressWarnings("NullAway.Init")
final class RehearseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try {
      return Rehearsal.run(spec.commandLine().getOut()) ? 0 : 1;
    } catch (IOException e) {
      throw new UserError("no room to rehearse: " + e.getMessage());
    }
  }
}
