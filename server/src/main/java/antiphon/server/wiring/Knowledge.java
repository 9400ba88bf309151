package antiphon.server.wiring;

import antiphon.core.api.Files;
import antiphon.core.service.FileKeeper;
import antiphon.core.service.FileService;
import antiphon.server.settings.KnowledgeSettings;

/** Files, put together. */
public final class Knowledge implements AutoCloseable {

  private final FileService files;
  private final FileKeeper keeper;

  /** Begins to look after what is kept. */
  public Knowledge(KnowledgeSettings settings, KnowledgeStorage storage) {
    files = new FileService(storage.files(), storage.blobs(), settings.maxFileBytes());
    keeper = new FileKeeper(files);
  }

  Files files() {
    return files;
  }

  @Override
  public void close() {
    keeper.close();
  }
}
