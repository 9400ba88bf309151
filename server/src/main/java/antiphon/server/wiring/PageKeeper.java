package antiphon.server.wiring;

import antiphon.core.net.AddressGuard;
import antiphon.core.vector.Embedders;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.pages.FolderPages;
import antiphon.knowledge.pages.PageException;
import antiphon.knowledge.pages.PageWriter;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.ServerSettings;
import antiphon.tools.websearch.SiteReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiConsumer;

/** Adds folders and sites to the pages that are searched without a network, and removes them. */
public final class PageKeeper implements AutoCloseable {

  private static final Duration REQUEST = Duration.ofSeconds(20);

  private final AddressGuard guard;
  private final Scratch scratch;
  private final Extractor extractor;
  private final Embedders embedders;
  private final PageWriter writer;
  private final BiConsumer<String, String> leftOut;

  /**
   * What came of it.
   *
   * @param fresh pages that are new, or have changed
   * @param unchanged pages that were there
   * @param leftOut pages and files that could not be added
   * @param gone pages that were there and are no more
   * @param all whether there was nothing beyond the bounds
   */
  public record Outcome(int fresh, int unchanged, int leftOut, int gone, boolean all) {}

  /**
   * Opens what is kept in a data folder.
   *
   * @param leftOut is told the address or the file of each page that is left out, and why
   * @throws PageException if it cannot be changed now, saying why
   */
  public PageKeeper(ServerSettings settings, DataFolder folder, BiConsumer<String, String> leftOut)
      throws IOException, PageException {
    this.leftOut = leftOut;
    guard = settings.tools().guard();
    scratch = new Scratch(folder.knowledge().resolve("adding"));
    extractor = Knowledge.extractor(settings.knowledge(), scratch.folder().resolve("parser"));
    embedders = Knowledge.embedders(settings.knowledge(), folder.knowledge());
    try {
      writer = new PageWriter(folder.pages(), embedders.usual(), extractor, InstantSource.system());
    } catch (IOException | PageException | RuntimeException e) {
      release();
      throw e;
    }
  }

  /** Counts what becomes of pages. */
  private final class Counting implements SiteReader.Sink, FolderPages.Sink {
    private final String source;
    private int fresh;
    private int unchanged;
    private int left;

    Counting(String source) {
      this.source = source;
    }

    @Override
    public void page(String url, String name, byte[] document)
        throws IOException, InterruptedException {
      try {
        switch (writer.add(source, url, name, document)) {
          case FRESH -> fresh++;
          case UNCHANGED -> unchanged++;
        }
      } catch (PageException e) {
        leftOut(url, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void leftOut(String what, String why) {
      left++;
      leftOut.accept(what, why);
    }

    Outcome finish(boolean all) throws IOException {
      int gone = writer.finish(source, all);
      return new Outcome(fresh, unchanged, left, gone, all);
    }
  }

  /**
   * Adds the documents of a folder, or one file. Blocking; an interrupt stops it.
   *
   * @param base what their addresses begin with; ends in a slash
   * @param most how many files
   */
  public Outcome addFolder(Path folder, String base, int most)
      throws IOException, InterruptedException {
    Counting counting = new Counting(folder.toRealPath().toString());
    return counting.finish(FolderPages.read(folder.toRealPath(), base, most, counting));
  }

  /**
   * Adds the pages of a site, which may be at an address that requests may not name: the operator
   * has written it. Blocking; an interrupt stops it.
   *
   * @param url of the first page, or of a sitemap
   */
  public Outcome addSite(String url, SiteReader.Bounds bounds)
      throws IOException, InterruptedException {
    Counting counting = new Counting(url);
    try (SiteReader reader = new SiteReader(guard.trusting(url), REQUEST, bounds)) {
      return counting.finish(reader.read(url, counting));
    }
  }

  /**
   * Removes what was added.
   *
   * @param source as it is listed
   * @return how many pages have gone
   */
  public int remove(String source) throws IOException {
    return writer.remove(source);
  }

  private void release() {
    extractor.close();
    embedders.close();
    scratch.close();
  }

  @Override
  public void close() throws IOException {
    writer.close();
    release();
  }
}
