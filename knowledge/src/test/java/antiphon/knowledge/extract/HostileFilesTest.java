package antiphon.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.vector.AttachedFile;
import antiphon.knowledge.text.Block;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are broken, or made to do harm: each is read or refused with a reason, in bounded time
 * and memory, and the next file is read as if nothing had been.
 */
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
class HostileFilesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Stands in a file that no document may reach. */
  private static final String SECRET = "kept-from-documents";

  private static final String WORD =
      "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
          + "<w:body>";

  private Path secret;
  private Extractor extractor;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    secret = Files.writeString(folder.resolve("secret.txt"), SECRET);
    extractor = new Extractor(new ParserChild(folder.resolve("parser"), PATIENCE));
  }

  @AfterAll
  void close() {
    extractor.close();
  }

  private Extracted read(String name, byte[] file) throws Exception {
    return extractor.extract(name, file.length, () -> new ByteArrayInputStream(file));
  }

  @Test
  void noneOfThemDoesHarm() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    texts(files);
    markup(files);
    pdfs(files);
    archives(files);
    office(files);
    assertThat(files).hasSizeGreaterThanOrEqualTo(40);
    byte[] good = Made.pdf("still here");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      long begun = System.nanoTime();
      Extracted read = read(file.getKey(), file.getValue());
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(took).as(file.getKey()).isLessThan(PATIENCE.plusSeconds(15));
      switch (read) {
        case Extracted.Text text -> {
          assertThat(text.blocks().stream().map(Block::text)).as(file.getKey()).isNotEmpty();
          assertThat(text.toString()).as(file.getKey()).doesNotContain(SECRET);
        }
        case Extracted.Unreadable(AttachedFile.Failure failure) ->
            assertThat(failure.message()).as(file.getKey()).isNotBlank().doesNotContain("\n");
      }
      if (took.toMillis() > 500) {
        assertThat(read("good.pdf", good)).as("after " + file.getKey()).isInstanceOf(TEXT);
      }
    }
    assertThat(read("good.pdf", good)).isInstanceOf(TEXT);
  }

  private static final Class<Extracted.Text> TEXT = Extracted.Text.class;

  private static void texts(Map<String, byte[]> files) {
    files.put("empty.txt", new byte[0]);
    files.put("blank.txt", Made.bytes(" \n\t\n "));
    files.put("random.bin", Made.random(100_000));
    files.put("random", Made.random(1000));
    files.put("nul.txt", Made.bytes("a\0b\0c"));
    files.put("broken-utf8.txt", new byte[] {'a', (byte) 0xc3, (byte) 0x28, 'b', (byte) 0xff});
    files.put("utf16-no-mark.txt", "words without a mark".getBytes(StandardCharsets.UTF_16LE));
    files.put("one-line.txt", Made.bytes("word ".repeat(1_000_000)));
    files.put("no-spaces.txt", Made.bytes("x".repeat(2_000_000)));
    files.put("columns.csv", Made.bytes("a,".repeat(1_000_000)));
    files.put("deep.json", Made.bytes("[".repeat(1_000_000)));
    files.put("..\\..\\a/../b\u202e.txt", Made.bytes("a strange name"));
    files.put("n".repeat(250) + ".pdf", Made.random(100));
    files.put("marks.txt", Made.bytes("\u0000\u0001\u0002\u0003\u0004\u0005".repeat(100)));
  }

  private void markup(Map<String, byte[]> files) {
    files.put("deep.html", Made.bytes("<div>".repeat(1_000_000) + "down"));
    files.put("unclosed.html", Made.bytes("<table><tr><td><a href='".repeat(10_000)));
    files.put("charset.html", Made.bytes("<meta charset='no-such'><p>text</p>"));
    files.put("attributes.html", Made.bytes("<p " + "a=b ".repeat(500_000) + ">text</p>"));
    String laughs =
        "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a0 \"ha\">" + entities() + "]><l>&a30;</l>";
    files.put("laughs.xml", Made.bytes(laughs));
    files.put("laughs.svg", Made.bytes(laughs));
    files.put("outside.xml", Made.bytes(outside("<l>&x;</l>")));
    files.put(
        "outside-dtd.xml", Made.bytes("<!DOCTYPE l SYSTEM \"" + secret.toUri() + "\"><l>text</l>"));
    files.put("broken.xml", Made.bytes("<a><b></a>"));
    files.put("groups.rtf", Made.bytes("{\\rtf1 " + "{".repeat(500_000) + "deep"));
    files.put("cut.rtf", Made.bytes("{\\rtf1\\ansi text \\'"));
    files.put("nested.eml", Made.bytes("Content-Type: message/rfc822\n\n".repeat(5000) + "x"));
  }

  private static String entities() {
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= 30; i++) {
      String last = "&a" + (i - 1) + ";";
      all.append("<!ENTITY a").append(i).append(" \"").append(last.repeat(10)).append("\">");
    }
    return all.toString();
  }

  /** XML that asks for the secret file. */
  private String outside(String body) {
    return "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY x SYSTEM \""
        + secret.toUri()
        + "\">]>"
        + body;
  }

  private static void pdfs(Map<String, byte[]> files) throws IOException {
    byte[] whole = Made.pdf("The text", "More text");
    files.put("head.pdf", Made.bytes("%PDF-1.7\n"));
    files.put("cut.pdf", Made.start(whole, whole.length / 2));
    files.put("random.pdf", Made.random(10_000));
    files.put("locked.pdf", Made.lockedPdf());
    files.put(
        "round.pdf",
        Made.bytes(
            """
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj
            trailer<</Root 1 0 R>>
            %%EOF\
            """));
    files.put("swollen.pdf", swollen());
  }

  /** A page whose content is 300 MB once it is inflated. */
  private static byte[] swollen() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(stream)) {
      byte[] block = Made.bytes("BT (x) Tj ET\n".repeat(8000));
      for (int i = 0; i < 3000; i++) {
        out.write(block);
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(
        Made.bytes(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
                + "4 0 obj<</Filter/FlateDecode/Length "
                + stream.size()
                + ">>stream\n"));
    stream.writeTo(file);
    file.write(Made.bytes("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"));
    return file.toByteArray();
  }

  private static void archives(Map<String, byte[]> files) throws IOException {
    byte[] bomb = Made.bomb(Map.of(), "a.txt", "", "0".repeat(1000), 300_000);
    files.put("bomb.zip", bomb);
    files.put("zips.zip", Made.zip(Map.of("a.zip", bomb, "b.zip", bomb)));
    files.put("climbs.zip", Made.zip(Map.of("../../climbs.txt", Made.bytes("x"))));
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      for (int i = 0; i < 300; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    files.put("bomb.gz", gzip.toByteArray());
    files.put("empty.epub", Made.zip(Map.of("mimetype", Made.bytes("application/epub+zip"))));
  }

  private void office(Map<String, byte[]> files) throws IOException {
    byte[] document = Made.docx("Heading", "text");
    files.put("cut.docx", Made.start(document, document.length / 2));
    files.put("text.docx", Made.bytes("no document at all"));
    files.put("random.docx", Made.random(5000));
    files.put("outside.docx", Made.word(Made.bytes(outside(WORD + "<w:p>&x;</w:p>"))));
    files.put("empty.docx", Made.word(new byte[0]));
    Map<String, byte[]> parts = new LinkedHashMap<>();
    parts.put("[Content_Types].xml", Made.bytes(Made.WORD_TYPES));
    parts.put("_rels/.rels", Made.bytes(Made.WORD_RELATIONS));
    files.put(
        "bomb.docx",
        Made.bomb(
            parts,
            "word/document.xml",
            WORD,
            "<w:p><w:r><w:t>boom boom boom boom</w:t></w:r></w:p>",
            8_000_000));
    files.put("cut.xlsx", Made.start(Made.xlsx("a", 1), 1500));
    files.put("cut.pptx", Made.start(Made.pptx("a"), 3000));
    byte[] old = Made.random(4096);
    System.arraycopy(
        new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, (byte) 0xa1, (byte) 0xb1, 0x1a},
        0,
        old,
        0,
        7);
    files.put("old.doc", old);
    files.put("old.xls", old);
    files.put("picture.odt", Made.bytes("\u0089PNG\r\n\u001a\n"));
  }
}
