package antiphon.knowledge.pages;

import antiphon.core.web.PageIndex.Hit;
import antiphon.core.web.PageIndex.Page;
import antiphon.knowledge.index.Ranking;
import antiphon.knowledge.index.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** A search of the pages: by words and by meaning, the two made one ranking of pages. */
final class PageSearch {

  private static final int MOST_WORDS = 64;
  private static final int MOST_PASSAGES = 3;
  private static final Words WORDS = new Words();

  private final IndexSearcher searcher;

  PageSearch(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  /**
   * The best pages.
   *
   * @param vector null to go by words alone
   * @param model of the vectors
   */
  List<Hit> hits(
      String text, float @Nullable [] vector, String model, List<String> domains, int most)
      throws IOException {
    Query filter = domains.isEmpty() ? null : any(Fields.DOMAIN, domains);
    int depth = Math.max(50, 8 * most);
    Ranking ranking = new Ranking();
    List<String> words = WORDS.of(text, MOST_WORDS);
    if (!words.isEmpty()) {
      BooleanQuery.Builder worded = new BooleanQuery.Builder();
      worded.add(any(Fields.WORDS, words), Occur.MUST);
      if (filter != null) {
        worded.add(filter, Occur.FILTER);
      }
      ranking.add(documents(worded.build(), depth));
    }
    if (vector != null) {
      ranking.add(
          documents(new KnnFloatVectorQuery(Fields.vector(model), vector, depth, filter), depth));
    }
    return pages(ranking.best(2 * depth), most);
  }

  private static Query any(String field, List<String> values) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    values.forEach(value -> any.add(new TermQuery(new Term(field, value)), Occur.SHOULD));
    return any.build();
  }

  private List<Integer> documents(Query query, int depth) throws IOException {
    ScoreDoc[] found = searcher.search(query, depth).scoreDocs;
    return Arrays.stream(found).map(one -> one.doc).toList();
  }

  /** The pages of chunks; what is in several good ones is no better for that. */
  private List<Hit> pages(List<Integer> chunks, int most) throws IOException {
    Map<String, String> titles = new LinkedHashMap<>();
    Map<String, List<String>> passages = new LinkedHashMap<>();
    StoredFields stored = searcher.storedFields();
    for (int chunk : chunks) {
      Document document = stored.document(chunk);
      String url = document.get(Fields.URL);
      if (titles.containsKey(url) || titles.size() < most) {
        titles.putIfAbsent(url, document.get(Fields.TITLE));
        List<String> texts = passages.computeIfAbsent(url, _ -> new ArrayList<>());
        if (texts.size() < MOST_PASSAGES) {
          texts.add(document.get(Fields.KEPT));
        }
      }
    }
    return titles.entrySet().stream()
        .map(page ->
            new Hit(
                page.getKey(),
                page.getValue(),
                String.join("\n…\n", passages.getOrDefault(page.getKey(), List.of()))))
        .toList();
  }

  Optional<Page> page(String url) throws IOException {
    ScoreDoc[] found = searcher.search(new TermQuery(new Term(Fields.PAGE, url)), 1).scoreDocs;
    if (found.length == 0) {
      return Optional.empty();
    }
    Document page = searcher.storedFields().document(found[0].doc);
    return Optional.of(
        new Page(page.get(Fields.URL), page.get(Fields.TITLE), page.get(Fields.KEPT)));
  }
}
