package antiphon.server.life;

import antiphon.core.response.Owner;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.ChunkIndex.Query;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Filter;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.knowledge.index.LuceneIndexes;
import antiphon.protocol.json.Json;
import antiphon.server.wiring.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What searching many chunks costs, and many small stores, on either database: made-up texts of
 * made-up words, the frequent ones as frequent as in a language, and vectors around 500 topics. Not
 * a test: run its main method.
 */
final class SearchBench implements AutoCloseable {

  private static final Owner OWNER = Owner.account("bench");
  private static final int DIMENSIONS = 384;
  private static final int TOPICS = 500;
  private static final int WORDS = 50_000;
  private static final int FILE_CHUNKS = 200;
  private static final int CHUNK_WORDS = 120;
  private static final int ROUNDS = 1000;

  private final Random random = new Random(11);
  private final float[][] topics = new float[TOPICS][];
  private final Storage storage;
  private final VectorCatalog catalog;
  private final LuceneIndexes indexes;
  private final Path folder;

  private SearchBench(Storage storage, Path folder) {
    this.storage = storage;
    this.folder = folder;
    catalog = Objects.requireNonNull(storage.knowledge()).vectors();
    indexes = new LuceneIndexes(folder.resolve("bench-index"), catalog);
    for (int i = 0; i < TOPICS; i++) {
      topics[i] = unit(gaussian(1));
    }
  }

  /**
   * Measures and prints.
   *
   * @param args how many chunks the large store has, and how many small stores there are
   */
  public static void main(String[] args) throws Exception {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int small = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    Path folder = Files.createTempDirectory("antiphon-bench");
    try (Stores stores = new Stores()) {
      for (Stores.Kind kind : Stores.Kind.values()) {
        Path place = Files.createDirectory(folder.resolve(kind.name()));
        try (SearchBench bench = new SearchBench(stores.storage(kind, place), place)) {
          System.out.println(kind);
          bench.large(chunks);
          bench.small(small);
        }
      }
    }
    System.exit(0);
  }

  private void large(int chunks) throws Exception {
    VectorStore store = store("vs_large");
    long begun = System.nanoTime();
    for (int i = 0; i < chunks / FILE_CHUNKS; i++) {
      file(store, "file_" + i, i % 11 == 0 ? "rare" : "usual", FILE_CHUNKS);
    }
    told("written, chunks a second", chunks / seconds(begun));
    VectorStore now = catalog.find(store.id()).orElseThrow();
    long before = heap();
    begun = System.nanoTime();
    indexes.refresh(now);
    told("indexed, chunks a second", chunks / seconds(begun));
    told("heap of the open index, MB", (heap() - before) / 1e6);
    told("index on the disk, MB", size(folder.resolve("bench-index")) / 1e6);
    Filter rare = new Filter.Compare(Filter.Comparing.EQ, "kind", Json.toTree("rare"));
    searches("fused", now, new Wanted(null, true, true));
    searches("fused, of 9 % of the files", now, new Wanted(rare, true, true));
    searches("vectors", now, new Wanted(null, true, false));
    searches("words", now, new Wanted(null, false, true));
  }

  private record Wanted(
      @org.jspecify.annotations.Nullable Filter filter, boolean vectors, boolean words) {}

  private void searches(String what, VectorStore store, Wanted wanted) throws Exception {
    double[] millis = new double[ROUNDS];
    for (int i = -ROUNDS / 4; i < ROUNDS; i++) {
      List<float[]> vectors =
          wanted.vectors ? List.of(near(random.nextInt(TOPICS))) : List.<float[]>of();
      Query query = new Query(List.of(text(6)), vectors, wanted.filter, 10, wanted.words);
      long begun = System.nanoTime();
      int found = catalog.chunks(places(store, query)).size();
      if (found < 10) {
        throw new IllegalStateException(what + " finds " + found);
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begun) / 1e6;
      }
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "  search %s: p50 %.1f ms, p99 %.1f ms%n",
        what,
        millis[ROUNDS / 2],
        millis[ROUNDS * 99 / 100]);
  }

  private List<VectorCatalog.Place> places(VectorStore store, Query query)
      throws InterruptedException {
    return indexes.search(store, query).stream().map(hit -> hit.place()).toList();
  }

  private void small(int count) throws Exception {
    List<VectorStore> stores = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      VectorStore store = store("vs_small" + i);
      file(store, "file_small" + i, "small", 10);
      stores.add(catalog.find(store.id()).orElseThrow());
    }
    long begun = System.nanoTime();
    for (VectorStore store : stores) {
      indexes.refresh(store);
    }
    told("small stores of 10 chunks, indexed a second", count / seconds(begun));
    long bytes = 0;
    for (VectorStore store : stores) {
      bytes += size(folder.resolve("bench-index").resolve(Long.toString(store.row())));
    }
    told("a small store on the disk, KB", bytes / 1e3 / count);
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      VectorStore store = stores.get(random.nextInt(count));
      begun = System.nanoTime();
      var _ = indexes.search(store, new Query(List.of(text(6)), List.of(near(1)), null, 5, true));
      millis[i] = (System.nanoTime() - begun) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "  search one of %d small stores: p50 %.1f ms, p99 %.1f ms%n",
        count,
        millis[count / 2],
        millis[count * 99 / 100]);
  }

  private VectorStore store(String id) {
    return catalog.create(
        new VectorStore.Fresh(
            new VectorStoreId(OWNER, id), null, null, Map.of(), null, "bench", DIMENSIONS));
  }

  private void file(VectorStore store, String id, String kind, int chunks) {
    AttachedFile.Fresh fresh =
        new AttachedFile.Fresh(
            OWNER,
            id,
            id + ".txt",
            id,
            new Chunking(true, 256, 64),
            Map.of("kind", Json.toTree(kind)));
    var _ = catalog.attach(store.id(), null, List.of(fresh), false);
    IndexJob job = catalog.claim("bench", 1, Duration.ofMinutes(1)).getFirst();
    for (int from = 0; from < chunks; from += 50) {
      List<Chunk> some = new ArrayList<>();
      for (int i = from; i < Math.min(chunks, from + 50); i++) {
        some.add(new Chunk(i, text(CHUNK_WORDS), "", null, near(random.nextInt(TOPICS))));
      }
      var _ = catalog.add(job, some);
    }
    var _ = catalog.complete(job);
  }

  /** The n-th word is n times rarer than the first. */
  private String text(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      int word = (int) Math.pow(WORDS, random.nextDouble());
      text.append(i == 0 ? "" : " ").append("w").append(Integer.toString(word, 36));
    }
    return text.toString();
  }

  private float[] near(int topic) {
    float[] vector = gaussian(0.05);
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] += topics[topic][i];
    }
    return unit(vector);
  }

  private float[] gaussian(double spread) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (spread * random.nextGaussian());
    }
    return vector;
  }

  private static float[] unit(float[] vector) {
    double sum = 0;
    for (float one : vector) {
      sum += one * one;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] / Math.sqrt(sum));
    }
    return unit;
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void told(String what, double value) {
    System.out.printf(Locale.ROOT, "  %s: %.1f%n", what, value);
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long size(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public void close() {
    indexes.close();
    storage.close();
  }
}
