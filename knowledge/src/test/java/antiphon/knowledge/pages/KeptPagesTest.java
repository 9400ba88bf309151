package antiphon.knowledge.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.Embedder;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.web.PageIndex;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.extract.ParserChild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KeptPagesTest {

  @TempDir Path folder;

  private final List<String> embedded = new ArrayList<>();
  private @Nullable Extractor extractor;
  private @Nullable KeptPages pages;

  /** A model that knows cats from everything else, in whatever word. */
  private final class Cats implements Embedder {
    private final String name;

    Cats(String name) {
      this.name = name;
    }

    @Override
    public String model() {
      return name;
    }

    @Override
    public int dimensions() {
      return 2;
    }

    @Override
    public List<float[]> embed(List<String> texts) {
      embedded.addAll(texts);
      return texts.stream()
          .map(text -> text.matches("(?is).*(cat|felis|kitten).*"))
          .map(cat -> cat ? new float[] {1, 0} : new float[] {0, 1})
          .toList();
    }

    @Override
    public void close() {}
  }

  private Embedders.Served served(String model) {
    return new Embedders.Served(new Cats(model), new Chunking(true, 100, 0));
  }

  private Path index() {
    return folder.resolve("index");
  }

  private PageWriter writer(String model) throws Exception {
    Extractor opened =
        new Extractor(new ParserChild(folder.resolve("parser"), Duration.ofSeconds(60)));
    extractor = opened;
    return new PageWriter(index(), served(model), opened, InstantSource.system());
  }

  private KeptPages pages() {
    KeptPages open =
        pages == null ? new KeptPages(index(), new Embedders(List.of(served("m")))) : pages;
    pages = open;
    return open;
  }

  @AfterEach
  void close() {
    if (extractor != null) {
      extractor.close();
    }
    if (pages != null) {
      pages.close();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> found(String text, String... domains) throws InterruptedException {
    return pages().search(text, List.of(domains), 5).stream().map(PageIndex.Hit::url).toList();
  }

  private void addSome() throws Exception {
    try (PageWriter writer = writer("m")) {
      add(writer, "a", "https://docs.zoo.org/cats.md", "# Cats\n\nThey sleep for hours.");
      add(writer, "a", "https://docs.zoo.org/dogs.md", "# Dogs\n\nThey bark at kilnworm.");
      add(writer, "b", "file:///books/whales.txt", "Whales sing.");
      assertThat(writer.finish("a", true)).isZero();
    }
  }

  private static void add(PageWriter writer, String source, String url, String text)
      throws Exception {
    assertThat(writer.add(source, url, url.substring(url.lastIndexOf('/') + 1), bytes(text)))
        .isEqualTo(PageWriter.Added.FRESH);
  }

  @Test
  void pagesAreFoundByTheirWordsAndByWhatTheyMean() throws Exception {
    assertThat(pages().isEmpty()).isTrue();
    assertThat(found("cats")).isEmpty();
    addSome();
    assertThat(pages().isEmpty()).as("what another process adds is seen").isFalse();
    assertThat(found("barking dogs")).first().isEqualTo("https://docs.zoo.org/dogs.md");
    assertThat(found("felis"))
        .as("no word of it")
        .first()
        .isEqualTo("https://docs.zoo.org/cats.md");
    PageIndex.Hit hit = pages().search("whales", List.of(), 1).getFirst();
    assertThat(hit)
        .isEqualTo(new PageIndex.Hit("file:///books/whales.txt", "whales.txt", "Whales sing."));
    assertThat(found("")).isEmpty();
  }

  @Test
  void onlyPagesOfADomainAreFound() throws Exception {
    addSome();
    assertThat(found("they sleep whales", "zoo.org"))
        .containsExactlyInAnyOrder("https://docs.zoo.org/cats.md", "https://docs.zoo.org/dogs.md");
    assertThat(found("they sleep", "docs.zoo.org")).hasSize(2);
    assertThat(found("they sleep", "oo.org")).isEmpty();
    assertThat(found("they sleep", "example.com")).isEmpty();
  }

  @Test
  void aPageIsKeptWhole() throws Exception {
    addSome();
    assertThat(pages().page("https://docs.zoo.org/cats.md#sleep"))
        .contains(
            new PageIndex.Page(
                "https://docs.zoo.org/cats.md", "Cats", "# Cats\n\nThey sleep for hours."));
    assertThat(pages().page("https://docs.zoo.org/")).isEqualTo(Optional.empty());
  }

  @Test
  void addingAgainBringsUpToDate() throws Exception {
    addSome();
    embedded.clear();
    try (PageWriter writer = writer("m")) {
      assertThat(
              writer.add(
                  "a",
                  "https://docs.zoo.org/cats.md",
                  "cats.md",
                  bytes("# Cats\n\nThey sleep for hours.")))
          .isEqualTo(PageWriter.Added.UNCHANGED);
      assertThat(embedded).isEmpty();
      add(writer, "a", "https://docs.zoo.org/birds.md", "# Birds\n\nThey sing.");
      assertThat(writer.finish("a", true)).isEqualTo(1);
    }
    assertThat(found("birds", "zoo.org"))
        .containsExactlyInAnyOrder("https://docs.zoo.org/birds.md", "https://docs.zoo.org/cats.md");
    assertThat(PageLists.sources(index()).stream().map(PageLists.Source::name))
        .containsExactly("a", "b");
    assertThat(PageLists.sources(index()).getFirst().pages()).isEqualTo(2);
    assertThat(PageLists.sources(index()).getFirst().chunks()).isEqualTo(2);
  }

  @Test
  void whatIsRemovedLeavesNoWordBehind() throws Exception {
    addSome();
    assertThat(written("kilnworm")).isTrue();
    try (PageWriter writer = writer("m")) {
      assertThat(writer.remove("nobody")).isZero();
      assertThat(writer.remove("a")).isEqualTo(2);
    }
    assertThat(written("kilnworm")).isFalse();
    assertThat(found("cats dogs whales")).containsExactly("file:///books/whales.txt");
    try (PageWriter writer = writer("m")) {
      assertThat(writer.remove("b")).isEqualTo(1);
    }
    assertThat(pages().isEmpty()).isTrue();
    assertThat(PageLists.sources(index())).isEmpty();
  }

  private boolean written(String word) throws IOException {
    try (Stream<Path> files = Files.walk(index())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aPageBelongsToOneSource() throws Exception {
    addSome();
    try (PageWriter writer = writer("m")) {
      assertThatThrownBy(
              () -> writer.add("c", "https://docs.zoo.org/cats.md", "cats.md", bytes("other")))
          .isInstanceOf(PageException.class)
          .hasMessageContaining("from a");
      assertThatThrownBy(() -> writer.add("c", "file:///x.pdf", "x.pdf", bytes("%PDF-1.4 broken")))
          .isInstanceOf(PageException.class);
    }
  }

  @Test
  void onePersonAddsAtATimeAndWithOneModel() throws Exception {
    addSome();
    try (PageWriter _ = writer("m")) {
      assertThatThrownBy(() -> writer("m")).hasMessageContaining("Another command");
    }
    assertThatThrownBy(() -> writer("other")).hasMessageContaining("embedding model 'm'");
  }

  @Test
  void pagesOfAModelThatIsGoneAreFoundByTheirWords() throws Exception {
    addSome();
    pages = new KeptPages(index(), new Embedders(List.of(served("other"))));
    assertThat(found("barking dogs")).containsExactly("https://docs.zoo.org/dogs.md");
    assertThat(found("felis")).isEmpty();
  }

  @Test
  void aFolderIsReadWithoutWhatIsHidden() throws Exception {
    Path docs = Files.createDirectories(folder.resolve("docs/below/.git"));
    Files.writeString(docs.resolve("secret.txt"), "x");
    Files.writeString(folder.resolve("docs/.env"), "x");
    Files.writeString(folder.resolve("docs/a b.txt"), "a");
    Files.writeString(folder.resolve("docs/below/ä.txt"), "b");
    Files.createSymbolicLink(folder.resolve("docs/link.txt"), Path.of("/etc/passwd"));
    List<String> urls = new ArrayList<>();
    FolderPages.Sink sink =
        new FolderPages.Sink() {
          @Override
          public void page(String url, String name, byte[] document) {
            urls.add(url);
          }

          @Override
          public void leftOut(String file, String why) {
            urls.add(file + why);
          }
        };
    assertThat(FolderPages.read(folder.resolve("docs"), "https://x.org/d/", 10, sink)).isTrue();
    assertThat(urls)
        .containsExactlyInAnyOrder("https://x.org/d/a%20b.txt", "https://x.org/d/below/ä.txt");
    urls.clear();
    assertThat(FolderPages.read(folder.resolve("docs"), "https://x.org/d/", 1, sink)).isFalse();
    assertThat(urls).hasSize(1);
    urls.clear();
    assertThat(FolderPages.read(folder.resolve("docs/a b.txt"), "file:///d/", 10, sink)).isTrue();
    assertThat(urls).containsExactly("file:///d/a%20b.txt");
  }
}
