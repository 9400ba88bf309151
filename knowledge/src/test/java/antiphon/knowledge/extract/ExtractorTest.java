package antiphon.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.knowledge.text.Block;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of files that are read. */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class ExtractorTest {

  private Extractor extractor;

  @BeforeAll
  void open(@TempDir Path folder) {
    extractor = new Extractor(new ParserChild(folder, Duration.ofSeconds(60)));
  }

  @AfterAll
  void close() {
    extractor.close();
  }

  private Extracted.Text read(String name, byte[] file) throws Exception {
    Extracted read = extractor.extract(name, file.length, () -> new ByteArrayInputStream(file));
    assertThat(read).as(name).isInstanceOf(Extracted.Text.class);
    return (Extracted.Text) read;
  }

  private String text(String name, byte[] file) throws Exception {
    return read(name, file).blocks().stream().map(Block::text).collect(Collectors.joining("\n"));
  }

  @Test
  void markdownHasHeadings() throws Exception {
    List<Block> blocks =
        read("a.md", Made.bytes("# One\n\ntext\n\n```\n# no heading\n```\n\n### Two ###\n"))
            .blocks();
    assertThat(blocks)
        .containsExactly(
            new Block(1, null, "One"),
            new Block(0, null, "text"),
            new Block(0, null, "```\n# no heading\n```"),
            new Block(3, null, "Two"));
  }

  @Test
  void anHtmlPageIsItsWordsUnderItsHeadings() throws Exception {
    List<Block> blocks =
        read(
                "a.html",
                Made.bytes(
                    "<html><head><title>T</title><script>x()</script></head><body><nav>menu</nav>"
                        + "<h2>Cats</h2><p>They <b>sleep</b>.</p><table><tr><td>a</td><td>b</td>"
                        + "</tr></table></body></html>"))
            .blocks();
    assertThat(blocks.getFirst()).isEqualTo(new Block(2, null, "Cats"));
    assertThat(blocks.stream().map(Block::text)).contains("They sleep.", "a | b");
    assertThat(blocks.toString()).doesNotContain("menu", "x()");
  }

  @Test
  void aPdfHasPages() throws Exception {
    Extracted.Text read = read("a.pdf", Made.pdf("The first page", "The second page"));
    assertThat(read.pages()).isEqualTo(2);
    assertThat(read.blocks())
        .containsExactly(new Block(0, 1, "The first page"), new Block(0, 2, "The second page"));
  }

  @Test
  void officeDocumentsAreRead() throws Exception {
    List<Block> blocks = read("a.docx", Made.docx("Cats", "They sleep.")).blocks();
    assertThat(blocks).extracting(Block::text).containsExactly("Cats", "They sleep.");
    assertThat(text("a.xlsx", Made.xlsx("Rent", 950))).contains("Rent").contains("950");
    assertThat(text("a.pptx", Made.pptx("A slide"))).contains("A slide");
    assertThat(text("a.odt", Made.odt("An open document"))).contains("An open document");
    assertThat(text("a.epub", Made.epub("A chapter"))).contains("A chapter");
    assertThat(
            text(
                "a.rtf",
                Made.bytes("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard Rich {\\b text}\\par}")))
        .contains("Rich text");
  }

  @Test
  void plainTextIsReadInWhateverEncoding() throws Exception {
    String german = "Die Größe der Übung überrascht die Prüfer für gewöhnlich nicht. ".repeat(20);
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.ISO_8859_1,
            StandardCharsets.UTF_16,
            Charset.forName("windows-1252"))) {
      assertThat(text("a.txt", german.getBytes(charset)))
          .as(charset.name())
          .contains("Größe der Übung");
    }
    assertThat(text("a.csv", Made.bytes("name,age\nAnn,30\n"))).contains("Ann");
    assertThat(text("A.java", Made.bytes("class A {}\n"))).isEqualTo("class A {}");
    assertThat(text("noending", Made.bytes("\ufeffplain"))).isEqualTo("plain");
  }
}
