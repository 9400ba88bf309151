package antiphon.server.cli;

import antiphon.engines.model.ModelFetcher;
import antiphon.engines.model.ModelUnavailable;
import antiphon.server.settings.DataFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The model to run: the file given, or the default one, downloaded under the eyes of the user. */
final class ModelFile {

  private static final long MEGABYTE = 1_000_000;

  private final DataFolder folder;
  private final PrintWriter err;

  ModelFile(DataFolder folder, PrintWriter err) {
    this.folder = folder;
    this.err = err;
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
    err.flush();
    ProgressBarBuilder bar =
        new ProgressBarBuilder()
            .setTaskName("Model")
            .setUnit(" MB", MEGABYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200);
    try (LazyBar progress = new LazyBar(bar)) {
      return new ModelFetcher(folder.models()).fetch(progress::at);
    }
  }

  /** A bar that shows only once there is something to wait for. */
  private static final class LazyBar implements AutoCloseable {
    private final ProgressBarBuilder builder;
    private @Nullable ProgressBar bar;

    LazyBar(ProgressBarBuilder builder) {
      this.builder = builder;
    }

    void at(long done, long total) {
      ProgressBar shown = bar;
      if (shown == null) {
        shown = builder.setInitialMax(total).build();
        bar = shown;
      }
      shown.stepTo(done);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
