package antiphon.knowledge.index;

import antiphon.core.vector.ChunkIndex.Hit;
import antiphon.core.vector.ChunkIndex.Query;
import antiphon.core.vector.VectorCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** A search in one store: by meaning and by words, the two made one ranking. */
final class Search {

  /** Each ranking is looked at so many times deeper than there are hits wanted. */
  private static final int DEPTH = 4;

  private static final int LEAST = 50;

  /** Of a long question the first words. */
  private static final int MOST_WORDS = 64;

  private final IndexSearcher searcher;
  private final Words words;

  Search(IndexSearcher searcher, Words words) {
    this.searcher = searcher;
    this.words = words;
  }

  List<Hit> hits(Query query) throws IOException {
    org.apache.lucene.search.Query filter =
        query.filter() == null ? null : Filters.query(query.filter());
    int depth = Math.max(LEAST, DEPTH * query.limit());
    Ranking ranking = new Ranking();
    for (int i = 0; i < query.texts().size(); i++) {
      if (!query.vectors().isEmpty()) {
        ranking.add(near(query.vectors().get(i), depth, filter));
      }
      if (query.words()) {
        ranking.add(worded(query.texts().get(i), depth, filter));
      }
    }
    return scored(ranking.best(query.limit()), query.vectors());
  }

  private List<Integer> near(
      float[] vector, int depth, org.apache.lucene.search.@Nullable Query filter)
      throws IOException {
    return documents(
        searcher.search(new KnnFloatVectorQuery(OneIndex.VECTOR, vector, depth, filter), depth)
            .scoreDocs);
  }

  private List<Integer> worded(
      String text, int depth, org.apache.lucene.search.@Nullable Query filter) throws IOException {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    List<String> of = words.of(text, MOST_WORDS);
    if (of.isEmpty()) {
      return List.of();
    }
    BooleanQuery.Builder one = new BooleanQuery.Builder();
    of.forEach(word -> one.add(new TermQuery(new Term(OneIndex.TEXT, word)), Occur.SHOULD));
    any.add(one.build(), Occur.MUST);
    if (filter != null) {
      any.add(filter, Occur.FILTER);
    }
    return documents(searcher.search(any.build(), depth).scoreDocs);
  }

  private static List<Integer> documents(ScoreDoc[] found) {
    return Arrays.stream(found).map(one -> one.doc).toList();
  }

  /**
   * Scores are how near a chunk is to the question that it is nearest to: {@code (1 + cosine) / 2}.
   * One that words have put above another has at least its score, so that the order is that of the
   * scores.
   */
  private List<Hit> scored(List<Integer> documents, List<float[]> vectors) throws IOException {
    List<Hit> hits = new ArrayList<>();
    double least = 0;
    for (int document : documents.reversed()) {
      least = Math.max(least, nearness(document, vectors));
      hits.addFirst(new Hit(place(document), least));
    }
    return hits;
  }

  private double nearness(int document, List<float[]> vectors) throws IOException {
    LeafReaderContext leaf = leaf(document);
    double nearest = 0;
    for (float[] vector : vectors) {
      DoubleValues values =
          DoubleValuesSource.similarityToQueryVector(leaf, vector, OneIndex.VECTOR);
      if (values.advanceExact(document - leaf.docBase)) {
        nearest = Math.max(nearest, values.doubleValue());
      }
    }
    return Math.min(1, nearest);
  }

  private VectorCatalog.Place place(int document) throws IOException {
    return new VectorCatalog.Place(
        value(OneIndex.FILE, document), (int) value(OneIndex.NUMBER, document));
  }

  private long value(String field, int document) throws IOException {
    LeafReaderContext leaf = leaf(document);
    NumericDocValues values = leaf.reader().getNumericDocValues(field);
    if (values == null || !values.advanceExact(document - leaf.docBase)) {
      throw new IOException("a document without its " + field);
    }
    return values.longValue();
  }

  private LeafReaderContext leaf(int document) {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    return leaves.get(ReaderUtil.subIndex(document, leaves));
  }
}
