package antiphon.server.cli;

import antiphon.engines.model.ModelFetcher;
import antiphon.engines.model.ModelUnavailable;
import antiphon.server.settings.DataFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model to run: the file given, or the default one, downloaded under the eyes of the user. */
final class ModelFile {

  private final DataFolder folder;
  private final PrintWriter err;

  ModelFile(DataFolder folder, PrintWriter err) {
    this.folder = folder;
    this.err = err;
  }

  /** Whether a model of this name is the one that comes with the server. */
  static boolean isDefault(String id) {
    return ModelFetcher.isDefault(id);
  }

  Path resolve(@Nullable Path given) throws InterruptedException {
    if (given != null) {
      if (!Files.isRegularFile(given)) {
        throw new UserError("There is no model file " + given + ".");
      }
      return given;
    }
    try {
      return fetch();
    } catch (ModelUnavailable e) {
      throw new UserError(e.getMessage());
    }
  }

  private Path fetch() throws InterruptedException, ModelUnavailable {
    try (LazyBar progress = new LazyBar("Model", err)) {
      return new ModelFetcher(folder.models()).fetch(progress::at);
    }
  }
}
