package antiphon.knowledge.extract;

import antiphon.core.file.MediaTypes;
import antiphon.knowledge.text.Block;
import antiphon.knowledge.text.PlainText;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.DocumentSelector;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.jsoup.Jsoup;
import org.xml.sax.SAXException;

/** Reads a file with Tika, HTML with jsoup; inside the parser process. */
final class TikaReader {

  private static final Set<String> HTML = Set.of("html", "htm", "xhtml");

  /** What is a container of other files, and no document. */
  private static final Set<String> CONTAINERS =
      Set.of(
          "application/zip", "application/x-tar", "application/gzip", "application/java-archive");

  private final AutoDetectParser parser = new AutoDetectParser();

  void read(String filename, InputStream in, DataOutputStream out) throws IOException {
    BlockSink sink = new BlockSink(out);
    try {
      if (HTML.contains(MediaTypes.ending(filename))) {
        new HtmlBlocks(sink).read(Jsoup.parse(in, null, ""));
        out.writeByte(Wire.END);
        out.writeInt(-1);
      } else {
        tika(filename, in, sink, out);
      }
    } catch (BlockSink.TooLong _) {
      out.writeByte(Wire.TOO_LONG);
    } catch (EncryptedDocumentException _) {
      out.writeByte(Wire.INVALID);
      out.writeUTF("The file is encrypted.");
    } catch (ZeroByteFileException _) {
      out.writeByte(Wire.INVALID);
      out.writeUTF("The file is empty.");
    } catch (TikaException | SAXException | IOException | RuntimeException | StackOverflowError e) {
      if (e.getCause() instanceof BlockSink.TooLong) {
        out.writeByte(Wire.TOO_LONG);
      } else {
        out.writeByte(Wire.INVALID);
        out.writeUTF("The file is damaged, or not what its name says.");
      }
    }
  }

  private void tika(String filename, InputStream in, BlockSink sink, DataOutputStream out)
      throws IOException, TikaException, SAXException {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, filename);
    try (TemporaryResources temporary = new TemporaryResources();
        TikaInputStream stream = TikaInputStream.get(in, temporary, metadata)) {
      MediaType type = parser.getDetector().detect(stream, metadata);
      if (type.equals(MediaType.OCTET_STREAM)
          || CONTAINERS.contains(type.getBaseType().toString())
          || !parser.getSupportedTypes(new ParseContext()).contains(type.getBaseType())) {
        out.writeByte(Wire.UNSUPPORTED);
        out.writeUTF("No text can be read from files of the type " + type.getBaseType() + ".");
        return;
      }
      if (type.getType().equals("text") && type.getSubtype().equals("plain")) {
        text(stream, metadata, sink);
        out.writeByte(Wire.END);
        out.writeInt(-1);
        return;
      }
      TikaBlocks blocks = new TikaBlocks(sink);
      ParseContext context = new ParseContext();
      // What is embedded is not read: it is how small files become huge.
      context.set(DocumentSelector.class, _ -> false);
      context.set(Parser.class, new org.apache.tika.parser.EmptyParser());
      parser.parse(stream, blocks, metadata, context);
      blocks.finish();
      out.writeByte(Wire.END);
      out.writeInt(blocks.pages());
    }
  }

  /** Text in an encoding that has to be guessed. */
  private static void text(TikaInputStream stream, Metadata metadata, BlockSink sink)
      throws IOException, TikaException {
    java.nio.charset.Charset charset =
        new org.apache.tika.parser.txt.Icu4jEncodingDetector().detect(stream, metadata);
    byte[] bytes = stream.readNBytes(4 * Extractor.MOST_CHARACTERS);
    String whole = new String(bytes, charset == null ? StandardCharsets.UTF_8 : charset);
    for (Block block : PlainText.blocks(whole)) {
      sink.block(block.level(), -1, block.text());
    }
  }
}
