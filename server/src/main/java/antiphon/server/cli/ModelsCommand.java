package antiphon.server.cli;

import antiphon.engines.model.HubName;
import antiphon.engines.model.ModelFolder;
import antiphon.server.settings.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists, downloads and removes the models that llama.cpp runs. */
@Command(
    name = "models",
    description = "Lists, downloads and removes models for llama.cpp.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ModelsCommand.ListAll.class,
      ModelsCommand.Pull.class,
      ModelsCommand.Remove.class
    })
@SuppressWarnings("NullAway.Init")
final class ModelsCommand implements Runnable {

  private static final long MEGABYTE = 1_000_000;

  @Option(names = "--data", paramLabel = "DIR", description = "The data folder.")
  private @Nullable Path data;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do with models: list, pull or remove.");
  }

  private ModelFolder folder() {
    DataFolder folder = DataFolder.of(data, System.getenv());
    folder.create();
    return new ModelFolder(folder.models());
  }

  @Command(name = "list", description = "Lists the models that are here.")
  @SuppressWarnings("NullAway.Init")
  static final class ListAll implements Callable<Integer> {
    @ParentCommand private ModelsCommand parent;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      try {
        for (Path file : parent.folder().list()) {
          spec.commandLine()
              .getOut()
              .printf("%,8d MB  %s%n", Files.size(file) / MEGABYTE, file.toAbsolutePath());
        }
        return 0;
      } catch (IOException e) {
        throw new UserError("The models cannot be listed: " + e.getMessage());
      }
    }
  }

  @Command(
      name = "pull",
      description = "Downloads a model; goes on where an earlier download broke off.")
  @SuppressWarnings("NullAway.Init")
  static final class Pull implements Callable<Integer> {
    @ParentCommand private ModelsCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "MODEL",
        description = "The URL of a GGUF file, or OWNER/REPOSITORY:FILE.gguf on the hub.")
    private String model;

    @Option(
        names = "--sha256",
        paramLabel = "HEX",
        description = "What the file must have; a file with another is deleted.")
    private @Nullable String sha256;

    @Option(
        names = "--hub",
        paramLabel = "URL",
        defaultValue = "${env:ANTIPHON_HUB:-https://huggingface.co}",
        description = "Where repositories of models are. Default: ${DEFAULT-VALUE}")
    private URI hub;

    @Override
    public Integer call() throws InterruptedException {
      PrintWriter err = spec.commandLine().getErr();
      try (LazyBar bar = new LazyBar("Model", err)) {
        Path file = parent.folder().pull(HubName.address(model, hub), sha256, bar::at);
        spec.commandLine().getOut().println(file.toAbsolutePath());
        return 0;
      } catch (IOException | IllegalArgumentException e) {
        throw new UserError("The model cannot be downloaded: " + e.getMessage());
      }
    }
  }

  @Command(name = "remove", description = "Deletes a model's file.")
  @SuppressWarnings("NullAway.Init")
  static final class Remove implements Callable<Integer> {
    @ParentCommand private ModelsCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE.gguf", description = "As 'antiphon models list' shows it.")
    private Path file;

    @Override
    public Integer call() {
      try {
        if (!parent.folder().remove(String.valueOf(file.getFileName()))) {
          throw new UserError("There is no model " + file.getFileName() + ".");
        }
        spec.commandLine().getOut().println(file.getFileName() + " is removed.");
        return 0;
      } catch (IOException e) {
        throw new UserError("The model cannot be removed: " + e.getMessage());
      }
    }
  }
}
