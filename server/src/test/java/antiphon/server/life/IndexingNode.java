package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;

import antiphon.core.engine.Embedder;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.protocol.json.Json;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.KnowledgeSettings;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Knowledge;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A node that indexes files; a process of its own that is killed while it does. The first one puts
 * the files in.
 */
final class IndexingNode {

  /** How long a node may be silent until its files are taken over. */
  private static final Duration LEASE = Duration.ofSeconds(1);

  /** Each text is long enough for several chunks, and has a word of its own. */
  private static final int SENTENCES = 40;

  private IndexingNode() {}

  /**
   * Tells the store's id once all files are in it, and "indexed" with how many are, each time that
   * there are more.
   *
   * @param args the database's address or "sqlite", a folder, how many files, and the store where
   *     there is one
   */
  public static void main(String[] args) throws Exception {
    int files = Integer.parseInt(args[2]);
    try (Node node = open(args[0], Path.of(args[1]))) {
      String store = args.length > 3 ? args[3] : filled(node, files);
      tell("store " + store);
      int told = -1;
      while (told < files) {
        int now = completed(node, store);
        if (now > told) {
          told = now;
          tell("indexed " + now);
        }
        Thread.sleep(5);
      }
    }
  }

  private static void tell(String line) {
    System.out.println(line);
    System.out.flush();
  }

  static int completed(Node node, String store) {
    return ok(node.get("/vector_stores/" + store)).at("/file_counts/completed").asInt();
  }

  private static String filled(Node node, int files) {
    String store = ok(node.post("/vector_stores", "{}")).get("id").asString();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      ids.add(FilesLifeTest.upload(node, null, name(i), text(i)).text("/id"));
    }
    for (int from = 0; from < files; from += 500) {
      var _ =
          ok(
              node.post(
                  "/vector_stores/" + store + "/file_batches",
                  Json.text(Map.of("file_ids", ids.subList(from, Math.min(files, from + 500))))));
    }
    return store;
  }

  /** Some are read in the parser's process. */
  private static String name(int number) {
    return "file" + number + (number % 20 == 7 ? ".html" : ".md");
  }

  /** A word that one file has. */
  static String word(int number) {
    return "word" + Integer.toString(number + 40_000, 36).replaceAll("[0-9]", "x") + "q" + number;
  }

  static String text(int number) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SENTENCES; i++) {
      text.append("Sentence ").append(i).append(" of many is about ").append(word(number));
      text.append(" and about what is near to it in the garden.\n\n");
    }
    return number % 20 == 7 ? "<p>" + text + "</p>" : text.toString();
  }

  /** A node on a database that others have had. */
  static Node open(String database, Path folder) {
    Storage storage =
        Storage.open(
            new StoreSettings(database.startsWith("postgres") ? database : null, null, 30, 24),
            new DataFolder(folder));
    Embedders embedders =
        new Embedders(List.of(new Embedders.Served(new Slow(), new Chunking(true, 100, 0))));
    return new Node(
        storage,
        new ScriptedEngine(Script.words("a")),
        new Knowledge(
            KnowledgeSettings.DEFAULT,
            Objects.requireNonNull(storage.knowledge()),
            embedders,
            LEASE));
  }

  /** A model that takes its time, so that most kills fall into it. */
  private static final class Slow implements Embedder {
    private static final Duration TIME = Duration.ofMillis(10);
    private static final int DIMENSIONS = 16;

    @Override
    public String model() {
      return "slow";
    }

    @Override
    public int dimensions() {
      return DIMENSIONS;
    }

    @Override
    public List<float[]> embed(List<String> texts) throws InterruptedException {
      Thread.sleep(TIME);
      return texts.stream().map(Slow::vector).toList();
    }

    private static float[] vector(String text) {
      Random random = new Random(text.hashCode());
      float[] vector = new float[DIMENSIONS];
      double sum = 0;
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = random.nextFloat() - 0.5f;
        sum += vector[i] * vector[i];
      }
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] /= (float) Math.sqrt(sum);
      }
      return vector;
    }

    @Override
    public void close() {}
  }
}
