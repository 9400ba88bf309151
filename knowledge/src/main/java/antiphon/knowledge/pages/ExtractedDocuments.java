package antiphon.knowledge.pages;

import antiphon.core.web.DocumentReader;
import antiphon.knowledge.extract.Extractor;
import java.io.IOException;

/** Documents read as files are. */
public final class ExtractedDocuments implements DocumentReader {

  private final Extractor extractor;

  /**
   * @param extractor closed with this
   */
  public ExtractedDocuments(Extractor extractor) {
    this.extractor = extractor;
  }

  @Override
  public Read read(String name, byte[] document) throws IOException, InterruptedException {
    return switch (PageText.read(extractor, name, document)) {
      case PageText.Read.Unreadable(String why) -> new Read.Unreadable(why);
      case PageText.Read.Text(_, var blocks) -> new Read.Text(PageText.joined(blocks));
    };
  }

  @Override
  public void close() {
    extractor.close();
  }
}
