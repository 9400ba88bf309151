package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;

import antiphon.core.response.Owner;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.ChunkIndex.Hit;
import antiphon.core.vector.ChunkIndex.Query;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorCatalog.Placed;
import antiphon.core.vector.VectorStore;
import antiphon.knowledge.embed.BuiltInEmbedder;
import antiphon.knowledge.index.LuceneIndexes;
import antiphon.protocol.json.Json;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How well files are found: each question of a list is asked by words (BM25), by meaning (vectors)
 * and by both, of a store with the files of a folder. Not a test: {@code bench/retrieval} runs it.
 */
final class RetrievalBench {

  private static final int DEPTH = 60;
  private static final int BATCH = 500;

  private final VectorCatalog catalog;
  private final LuceneIndexes indexes;
  private final BuiltInEmbedder embedder;
  private final VectorStore store;

  private RetrievalBench(
      VectorCatalog catalog, LuceneIndexes indexes, BuiltInEmbedder embedder, VectorStore store) {
    this.catalog = catalog;
    this.indexes = indexes;
    this.embedder = embedder;
    this.store = store;
  }

  /** A question, and the files that have its answer. */
  private record Question(String text, Set<String> answers) {}

  private enum By {
    WORDS("BM25"),
    MEANING("vectors"),
    BOTH("fused");

    private final String label;

    By(String label) {
      this.label = label;
    }
  }

  /**
   * Measures and prints a table.
   *
   * @param args the folder of files, the list of questions, and a folder to keep the store in,
   *     which is not made again where it is there
   */
  public static void main(String[] args) throws Exception {
    List<Question> questions = questions(Path.of(args[1]));
    Path data = Path.of(args[2]);
    DataFolder folder = new DataFolder(data);
    Path done = data.resolve("done");
    if (!Files.exists(done)) {
      long took = index(Path.of(args[0]), data);
      Files.writeString(done, String.format(Locale.ROOT, "%.0f s", took / 1e9));
    }
    try (Storage storage = Storage.open(SettingsFile.read(null, Map.of()).store(), folder);
        BuiltInEmbedder embedder = new BuiltInEmbedder(folder.knowledge().resolve("embedding"))) {
      VectorCatalog catalog = Objects.requireNonNull(storage.knowledge()).vectors();
      VectorStore store =
          catalog
              .list(Owner.account("tests"), new PageRequest(1, true, null, null))
              .orElseThrow()
              .data()
              .getFirst();
      try (LuceneIndexes indexes =
          new LuceneIndexes(folder.knowledge().resolve("index"), catalog)) {
        new RetrievalBench(catalog, indexes, embedder, store)
            .run(questions, Files.readString(done));
      }
    }
    // The embedding library's threads need not be waited for.
    System.exit(0);
  }

  private static List<Question> questions(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(parts -> new Question(parts[0], Set.of(parts[1].split(" ", -1))))
        .toList();
  }

  /** Puts the folder's files into a new store; how long that took, in nanoseconds. */
  private static long index(Path corpus, Path data) throws Exception {
    try (Node node = new Node(data, new ScriptedEngine(Script.words("a")));
        Stream<Path> all = Files.list(corpus)) {
      List<String> ids = new ArrayList<>();
      for (Path file : all.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        ids.add(FilesLifeTest.upload(node, null, name, Files.readString(file)).text("/id"));
      }
      long begun = System.nanoTime();
      String store = ok(node.post("/vector_stores", "{}")).get("id").asString();
      for (int from = 0; from < ids.size(); from += BATCH) {
        List<String> some = ids.subList(from, Math.min(ids.size(), from + BATCH));
        var _ =
            ok(
                node.post(
                    "/vector_stores/" + store + "/file_batches",
                    Json.text(Map.of("file_ids", some, "skip_duplicates", true))));
      }
      while (true) {
        var counts = ok(node.get("/vector_stores/" + store)).get("file_counts");
        System.err.println(counts);
        if (counts.get("in_progress").asInt() == 0) {
          return System.nanoTime() - begun;
        }
        Thread.sleep(5000);
      }
    }
  }

  private void run(List<Question> questions, String indexing) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%d files, %d MB of chunks and vectors, indexed in %s; %d questions.%n%n",
        store.counts().completed(),
        store.usageBytes() >> 20,
        indexing,
        questions.size());
    System.out.println("| | recall@1 | recall@5 | recall@10 | MRR@10 | search p50, ms |");
    System.out.println("|---|---|---|---|---|---|");
    Map<By, List<Integer>> ranks = new HashMap<>();
    for (By by : By.values()) {
      List<Integer> found = new ArrayList<>();
      // Once without looking at the time: everything is loaded and compiled.
      for (Question question : questions) {
        var _ = ask(question, by);
      }
      double[] millis = new double[questions.size()];
      for (int i = 0; i < millis.length; i++) {
        long begun = System.nanoTime();
        List<String> files = ask(questions.get(i), by);
        millis[i] = (System.nanoTime() - begun) / 1e6;
        found.add(rank(files, questions.get(i).answers()));
      }
      Arrays.sort(millis);
      ranks.put(by, found);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %.2f | %.3f | %.1f |%n",
          by.label,
          recall(found, 1),
          recall(found, 5),
          recall(found, 10),
          found.stream().mapToDouble(rank -> rank <= 10 ? 1.0 / rank : 0).average().orElse(0),
          millis[millis.length / 2]);
    }
    System.out.println();
    for (int i = 0; i < questions.size(); i++) {
      int fused = ranks.getOrDefault(By.BOTH, List.of()).get(i);
      if (fused > 5) {
        System.out.println("not among the first 5: " + questions.get(i).text());
      }
    }
  }

  private static double recall(List<Integer> ranks, int most) {
    return ranks.stream().mapToDouble(rank -> rank <= most ? 1 : 0).average().orElse(0);
  }

  private static int rank(List<String> files, Set<String> answers) {
    for (int i = 0; i < files.size(); i++) {
      if (answers.contains(files.get(i))) {
        return i + 1;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** The files whose chunks are found, the best first, each once. */
  private List<String> ask(Question question, By by) throws Exception {
    List<float[]> vectors = by == By.WORDS ? List.of() : embedder.embed(List.of(question.text()));
    Query query = new Query(List.of(question.text()), vectors, null, DEPTH, by != By.MEANING);
    List<Hit> hits = indexes.search(store, query);
    Set<String> files = new LinkedHashSet<>();
    for (Placed placed : catalog.chunks(hits.stream().map(Hit::place).toList())) {
      files.add(placed.file().filename().replaceFirst("\\.html$", ""));
    }
    return List.copyOf(files);
  }
}
