package antiphon.tools.websearch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The web itself.
 *
 * @param pages null if the model may open none
 */
record LiveWeb(SearchClient client, @Nullable PageReader pages) implements Web {

  @Override
  public List<Hit> search(Query query) throws WebException, InterruptedException {
    return client.search(query);
  }

  @Override
  public boolean opens() {
    return pages != null;
  }

  @Override
  public PageReader.Page read(String url, List<String> allowed)
      throws WebException, InterruptedException {
    if (pages == null) {
      throw new WebException("Pages cannot be opened here.");
    }
    return pages.read(url, allowed);
  }

  @Override
  public void close() {
    client.close();
    if (pages != null) {
      pages.close();
    }
  }
}
