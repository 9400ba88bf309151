package antiphon.knowledge.extract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;

/** Files, as programs make them. */
final class Made {

  static final String WORD_TYPES =
      "<?xml version=\"1.0\"?><Types"
          + " xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default"
          + " Extension=\"rels\""
          + " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override"
          + " PartName=\"/word/document.xml\""
          + " ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";

  static final String WORD_RELATIONS =
      "<?xml version=\"1.0\"?><Relationships"
          + " xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship"
          + " Id=\"r1\""
          + " Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\""
          + " Target=\"word/document.xml\"/></Relationships>";

  private Made() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  static byte[] start(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  /** A PDF with a page for each text. */
  static byte[] pdf(String... pages) throws IOException {
    return pdf(false, pages);
  }

  static byte[] lockedPdf() throws IOException {
    return pdf(true, "secret");
  }

  private static byte[] pdf(boolean locked, String... pages) throws IOException {
    try (PDDocument document = new PDDocument()) {
      for (String text : pages) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
          content.newLineAtOffset(72, 700);
          content.showText(text);
          content.endText();
        }
      }
      if (locked) {
        document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      }
      return written(document::save);
    }
  }

  @FunctionalInterface
  private interface Saving {
    void to(OutputStream out) throws IOException;
  }

  private static byte[] written(Saving saving) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    saving.to(out);
    return out.toByteArray();
  }

  static byte[] docx(String heading, String text) throws IOException {
    try (XWPFDocument document = new XWPFDocument()) {
      XWPFParagraph title = document.createParagraph();
      title.setStyle("Heading1");
      title.createRun().setText(heading);
      document.createParagraph().createRun().setText(text);
      return written(document::write);
    }
  }

  static byte[] xlsx(String text, double number) throws IOException {
    try (XSSFWorkbook book = new XSSFWorkbook()) {
      var row = book.createSheet("Sheet").createRow(0);
      row.createCell(0).setCellValue(text);
      row.createCell(1).setCellValue(number);
      return written(book::write);
    }
  }

  static byte[] pptx(String text) throws IOException {
    try (XMLSlideShow show = new XMLSlideShow()) {
      show.createSlide().createTextBox().setText(text);
      return written(show::write);
    }
  }

  static byte[] epub(String text) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("mimetype", bytes("application/epub+zip"));
    entries.put(
        "META-INF/container.xml",
        bytes(
            "<?xml version=\"1.0\"?><container version=\"1.0\""
                + " xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile"
                + " full-path=\"b.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>"
                + "</container>"));
    entries.put(
        "b.opf",
        bytes(
            "<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\""
                + " version=\"3.0\"><metadata/><manifest><item id=\"c\" href=\"c.xhtml\""
                + " media-type=\"application/xhtml+xml\"/></manifest><spine><itemref"
                + " idref=\"c\"/></spine></package>"));
    entries.put(
        "c.xhtml",
        bytes(
            "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>"
                + text
                + "</p></body></html>"));
    return zip(entries);
  }

  static byte[] odt(String text) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("mimetype", bytes("application/vnd.oasis.opendocument.text"));
    entries.put(
        "content.xml",
        bytes(
            "<?xml version=\"1.0\"?><office:document-content"
                + " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
                + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>"
                + "<office:text><text:p>"
                + text
                + "</text:p></office:text></office:body></office:document-content>"));
    return zip(entries);
  }

  /** A Word document of this XML. */
  static byte[] word(byte[] document) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("[Content_Types].xml", bytes(WORD_TYPES));
    entries.put("_rels/.rels", bytes(WORD_RELATIONS));
    entries.put("word/document.xml", document);
    return zip(entries);
  }

  /** An archive; a mimetype is stored as it is, as its readers want it. */
  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    return written(out -> {
      ZipOutputStream zip = new ZipOutputStream(out);
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        if (one.getKey().equals("mimetype")) {
          CRC32 sum = new CRC32();
          sum.update(one.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(one.getValue().length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(one.getValue());
        zip.closeEntry();
      }
      zip.finish();
    });
  }

  /** An archive with one entry of so many copies of a text, which would not fit into memory. */
  static byte[] bomb(Map<String, byte[]> others, String name, String begin, String text, int times)
      throws IOException {
    return written(out -> {
      ZipOutputStream zip = new ZipOutputStream(out);
      for (Map.Entry<String, byte[]> one : others.entrySet()) {
        zip.putNextEntry(new ZipEntry(one.getKey()));
        zip.write(one.getValue());
        zip.closeEntry();
      }
      zip.putNextEntry(new ZipEntry(name));
      zip.write(bytes(begin));
      byte[] block = bytes(text.repeat(1000));
      for (int i = 0; i < times / 1000; i++) {
        zip.write(block);
      }
      zip.closeEntry();
      zip.finish();
    });
  }
}
