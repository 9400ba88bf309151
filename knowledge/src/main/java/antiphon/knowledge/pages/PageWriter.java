package antiphon.knowledge.pages;

import antiphon.core.engine.EngineException;
import antiphon.core.vector.Embedders;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.index.LongVectors;
import antiphon.knowledge.index.Words;
import antiphon.knowledge.text.Block;
import antiphon.knowledge.text.Chunker;
import antiphon.knowledge.text.Cut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Adds pages and removes them; one process at a time, beside servers that search. What is made
 * durable is what they see.
 */
public final class PageWriter implements AutoCloseable {

  /** So many pages are made durable at a time. */
  private static final int PAGES_AT_ONCE = 100;

  private static final int CHUNKS_AT_ONCE = 32;

  private final Embedders.Served model;
  private final Extractor extractor;
  private final InstantSource clock;
  private final Directory directory;
  private final IndexWriter writer;
  private final Set<String> seen = new HashSet<>();
  private DirectoryReader before;
  private int uncommitted;

  /** What has become of a page. */
  public enum Added {
    FRESH,
    UNCHANGED
  }

  /**
   * Opens the index, or makes it.
   *
   * @param extractor reads documents; closed by whoever made it
   * @throws PageException if another process adds pages, or another model was used
   */
  public PageWriter(Path folder, Embedders.Served model, Extractor extractor, InstantSource clock)
      throws IOException, PageException {
    this.model = model;
    this.extractor = extractor;
    this.clock = clock;
    directory = FSDirectory.open(folder);
    try {
      TieredMergePolicy merging = new TieredMergePolicy();
      merging.setForceMergeDeletesPctAllowed(0);
      writer =
          new IndexWriter(
              directory,
              new IndexWriterConfig(new Words())
                  .setCodec(new LongVectors())
                  .setMergePolicy(merging)
                  .setCommitOnClose(false));
      before = DirectoryReader.open(writer);
      checkModel();
    } catch (LockObtainFailedException _) {
      directory.close();
      throw new PageException("Another command adds or removes pages now: wait for its end.");
    } catch (IOException | PageException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private void checkModel() throws IOException, PageException {
    String made = model(writer.getLiveCommitData());
    if (made != null && !made.equals(name()) && before.numDocs() > 0) {
      before.close();
      writer.rollback();
      throw new PageException(
          "The pages were added with the embedding model '"
              + made
              + "', and this server has '"
              + name()
              + "': remove them and add them again.");
    }
  }

  private static @Nullable String model(@Nullable Iterable<Map.Entry<String, String>> data) {
    if (data != null) {
      for (Map.Entry<String, String> entry : data) {
        if (entry.getKey().equals(Fields.MODEL)) {
          return entry.getValue();
        }
      }
    }
    return null;
  }

  private String name() {
    return model.embedder().model();
  }

  /**
   * Adds a page, or what has become of it. Blocking; an interrupt stops it.
   *
   * @param source what it is added with
   * @param name of its file, whose ending says what it is
   * @throws PageException if this page cannot be added; others may
   * @throws IOException if none can
   */
  public Added add(String source, String url, String name, byte[] document)
      throws IOException, PageException, InterruptedException {
    String page = Fields.page(url);
    return switch (PageText.read(extractor, name, document)) {
      case PageText.Read.Unreadable(String why) -> throw new PageException(why);
      case PageText.Read.Text(String title, List<Block> blocks) -> add(source, page, title, blocks);
    };
  }

  private Added add(String source, String page, String title, List<Block> blocks)
      throws IOException, PageException, InterruptedException {
    String text = PageText.joined(blocks);
    String hash = hash(title + "\n" + text);
    Document known = known(page);
    if (known != null && !source.equals(known.get(Fields.SOURCE))) {
      throw new PageException("It is there already, from " + known.get(Fields.SOURCE) + ".");
    }
    if (!seen.add(page) || (known != null && hash.equals(known.get(Fields.HASH)))) {
      return Added.UNCHANGED;
    }
    write(source, page, title, text, hash, Chunker.cut(blocks, model.chunking()));
    return Added.FRESH;
  }

  private @Nullable Document known(String page) throws IOException {
    IndexSearcher searcher = new IndexSearcher(before);
    ScoreDoc[] found = searcher.search(new TermQuery(new Term(Fields.PAGE, page)), 1).scoreDocs;
    return found.length == 0
        ? null
        : searcher.storedFields().document(found[0].doc, Set.of(Fields.SOURCE, Fields.HASH));
  }

  private void write(
      String source, String page, String title, String text, String hash, List<Cut> cuts)
      throws IOException, PageException, InterruptedException {
    List<Document> documents = new ArrayList<>();
    for (int from = 0; from < cuts.size(); from += CHUNKS_AT_ONCE) {
      List<Cut> some = cuts.subList(from, Math.min(cuts.size(), from + CHUNKS_AT_ONCE));
      List<float[]> vectors = embed(title, some);
      for (int i = 0; i < some.size(); i++) {
        Document chunk = base(source, page, title);
        Cut cut = some.get(i);
        chunk.add(new StoredField(Fields.KEPT, cut.text()));
        chunk.add(new TextField(Fields.WORDS, title + "\n" + cut.searched(), Field.Store.NO));
        chunk.add(
            new KnnFloatVectorField(
                Fields.vector(name()), vectors.get(i), VectorSimilarityFunction.DOT_PRODUCT));
        for (String domain : Fields.domains(page)) {
          chunk.add(new StringField(Fields.DOMAIN, domain, Field.Store.NO));
        }
        documents.add(chunk);
      }
    }
    Document whole = base(source, page, title);
    whole.add(new StringField(Fields.PAGE, page, Field.Store.NO));
    whole.add(new SortedDocValuesField(Fields.FROM, new BytesRef(source)));
    whole.add(new StoredField(Fields.HASH, hash));
    whole.add(new StoredField(Fields.KEPT, text));
    whole.add(new NumericDocValuesField(Fields.CHUNKS, cuts.size()));
    whole.add(new NumericDocValuesField(Fields.ADDED, clock.millis()));
    documents.add(whole);
    writer.updateDocuments(new Term(Fields.URL, page), documents);
    if (++uncommitted >= PAGES_AT_ONCE) {
      commit();
    }
  }

  private static Document base(String source, String page, String title) {
    Document document = new Document();
    document.add(new StringField(Fields.URL, page, Field.Store.YES));
    document.add(new StringField(Fields.SOURCE, source, Field.Store.YES));
    document.add(new StoredField(Fields.TITLE, title));
    return document;
  }

  private List<float[]> embed(String title, List<Cut> cuts)
      throws PageException, InterruptedException {
    try {
      return model
          .embedder()
          .embed(cuts.stream().map(cut -> title + "\n\n" + cut.searched()).toList());
    } catch (EngineException e) {
      throw new PageException("The embedding model failed: " + e.getMessage());
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Ends adding pages of a source.
   *
   * @param all whether all of its pages have been added: others that were there go then
   * @return how many have gone
   */
  public int finish(String source, boolean all) throws IOException {
    commit();
    int gone = 0;
    if (all) {
      for (String page : PageLists.pages(before, source)) {
        if (!seen.contains(page)) {
          writer.deleteDocuments(new Term(Fields.URL, page));
          gone++;
        }
      }
    }
    seen.clear();
    commit();
    clean();
    return gone;
  }

  /**
   * Removes what was added with a source: no word of it is left in the index.
   *
   * @return how many pages have gone; 0 if there is no such source
   */
  public int remove(String source) throws IOException {
    int gone = PageLists.pages(before, source).size();
    writer.deleteDocuments(new Term(Fields.SOURCE, source));
    commit();
    clean();
    return gone;
  }

  private void clean() throws IOException {
    writer.forceMergeDeletes(true);
    commit();
    writer.deleteUnusedFiles();
  }

  private void commit() throws IOException {
    writer.setLiveCommitData(Map.of(Fields.MODEL, name()).entrySet());
    writer.commit();
    uncommitted = 0;
    DirectoryReader newer = DirectoryReader.openIfChanged(before, writer);
    if (newer != null) {
      before.close();
      before = newer;
    }
  }

  /** Lets go of the index; what was not made durable is forgotten. */
  @Override
  public void close() throws IOException {
    before.close();
    writer.rollback();
    directory.close();
  }
}
