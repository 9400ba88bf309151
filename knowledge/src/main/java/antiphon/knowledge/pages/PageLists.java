package antiphon.knowledge.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** What there is in the index, for its operator. */
public final class PageLists {

  private PageLists() {}

  /**
   * What was added in one go.
   *
   * @param name the folder or the address
   * @param added when the newest of its pages was
   */
  public record Source(String name, int pages, long chunks, Instant added) {}

  /** All sources, by their names. */
  public static List<Source> sources(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Directory directory = FSDirectory.open(folder)) {
      if (!DirectoryReader.indexExists(directory)) {
        return List.of();
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        Map<String, Source> sources = new TreeMap<>();
        for (LeafReaderContext leaf : reader.leaves()) {
          count(leaf.reader(), sources);
        }
        return List.copyOf(sources.values());
      }
    }
  }

  private static void count(LeafReader leaf, Map<String, Source> sources) throws IOException {
    SortedDocValues names = leaf.getSortedDocValues(Fields.FROM);
    NumericDocValues chunks = leaf.getNumericDocValues(Fields.CHUNKS);
    NumericDocValues added = leaf.getNumericDocValues(Fields.ADDED);
    if (names == null || chunks == null || added == null) {
      return;
    }
    Bits live = leaf.getLiveDocs();
    for (int page = names.nextDoc();
        page != DocIdSetIterator.NO_MORE_DOCS;
        page = names.nextDoc()) {
      if ((live == null || live.get(page))
          && chunks.advanceExact(page)
          && added.advanceExact(page)) {
        String name = names.lookupOrd(names.ordValue()).utf8ToString();
        Source one =
            new Source(name, 1, chunks.longValue(), Instant.ofEpochMilli(added.longValue()));
        sources.merge(name, one, PageLists::sum);
      }
    }
  }

  private static Source sum(Source one, Source other) {
    Instant newest = one.added.isAfter(other.added) ? one.added : other.added;
    return new Source(one.name, one.pages + other.pages, one.chunks + other.chunks, newest);
  }

  /** The addresses of a source's pages. */
  static List<String> pages(DirectoryReader reader, String source) throws IOException {
    List<String> pages = new ArrayList<>();
    for (LeafReaderContext context : reader.leaves()) {
      LeafReader leaf = context.reader();
      @Nullable PostingsEnum all =
          leaf.postings(new Term(Fields.SOURCE, source), PostingsEnum.NONE);
      SortedDocValues whole = leaf.getSortedDocValues(Fields.FROM);
      Bits live = leaf.getLiveDocs();
      StoredFields stored = leaf.storedFields();
      while (all != null && whole != null && all.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        int document = all.docID();
        if ((live == null || live.get(document)) && whole.advanceExact(document)) {
          pages.add(stored.document(document, Set.of(Fields.URL)).get(Fields.URL));
        }
      }
    }
    return pages;
  }
}
