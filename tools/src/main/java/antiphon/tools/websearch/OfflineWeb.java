package antiphon.tools.websearch;

import antiphon.core.web.PageIndex;
import java.util.List;

/**
 * What the operator has added, and nothing else: no network is used.
 *
 * @param opens whether the model may open pages
 */
record OfflineWeb(PageIndex index, boolean opens) implements Web {

  @Override
  public List<Hit> search(Query query) throws InterruptedException {
    return index.search(query.text(), query.allowed(), query.most()).stream()
        .map(found -> new Hit(found.url(), found.title(), found.text()))
        .toList();
  }

  @Override
  public PageReader.Page read(String url, List<String> allowed)
      throws WebException, InterruptedException {
    if (!opens) {
      throw new WebException("Pages cannot be opened here.");
    }
    if (!allowed.isEmpty() && !Domains.allows(allowed, url)) {
      throw new WebException("The page is not on one of the domains that this search may use.");
    }
    PageIndex.Page page =
        index
            .page(url)
            .orElseThrow(() ->
                new WebException("The page is not kept here: open pages that a search has found."));
    return new PageReader.Page(page.url(), page.title(), page.text());
  }

  @Override
  public void close() {
    index.close();
  }
}
