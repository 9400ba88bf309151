package antiphon.knowledge.extract;

import antiphon.core.file.MediaTypes;
import antiphon.knowledge.text.Block;
import antiphon.knowledge.text.PlainText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads files to text. UTF-8 text is read here; what needs a parser, or a guess at its encoding, in
 * a child process, so that a hostile file takes nothing down but that.
 */
public final class Extractor implements AutoCloseable {

  /** The longest text, in characters: about five million tokens. */
  public static final int MOST_CHARACTERS = 20_000_000;

  private static final int LOOK = 8 * 1024;

  private static final Set<String> MARKUP =
      Set.of("html", "htm", "xhtml", "xml", "rtf", "svg", "mht", "eml");

  private final ParserChild child;

  /**
   * @param child reads what is no plain text
   */
  public Extractor(ParserChild child) {
    this.child = child;
  }

  /**
   * Opens a file's bytes.
   *
   * <p>It may be opened twice.
   */
  @FunctionalInterface
  public interface Source {
    /** The bytes, from the first on. */
    InputStream open() throws IOException;
  }

  /**
   * Reads a file. Blocking; an interrupt stops it.
   *
   * @param length in bytes
   * @throws IOException if its bytes cannot be had, which says nothing of the file
   */
  public Extracted extract(String filename, long length, Source source)
      throws IOException, InterruptedException {
    String ending = MediaTypes.ending(filename);
    if (!MARKUP.contains(ending)) {
      Optional<Extracted> text = plain(source, ending.equals("md") || ending.equals("markdown"));
      if (text.isPresent()) {
        return text.get();
      }
    }
    try (InputStream in = source.open()) {
      return checked(child.parse(filename, length, in));
    }
  }

  /** Its text, if it is UTF-8 and looks like text. */
  private static Optional<Extracted> plain(Source source, boolean markdown)
      throws IOException, InterruptedException {
    try (BufferedInputStream in = new BufferedInputStream(source.open(), LOOK)) {
      in.mark(LOOK);
      byte[] head = in.readNBytes(LOOK);
      in.reset();
      if (!looksLikeText(head)) {
        return Optional.empty();
      }
      Reader reader =
          new InputStreamReader(
              in,
              StandardCharsets.UTF_8
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT));
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[32 * 1024];
      int count;
      while ((count = reader.read(buffer)) >= 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (text.length() + count > MOST_CHARACTERS) {
          return Optional.of(tooLong());
        }
        text.append(buffer, 0, count);
      }
      String whole = clean(text.toString());
      List<Block> blocks = markdown ? PlainText.markdown(whole) : PlainText.blocks(whole);
      return Optional.of(checked(new Extracted.Text(blocks, null)));
    } catch (CharacterCodingException _) {
      // Another encoding, which the parser knows to guess.
      return Optional.empty();
    }
  }

  private static boolean looksLikeText(byte[] head) {
    if (head.length >= 4 && head[0] == '%' && head[1] == 'P' && head[2] == 'D' && head[3] == 'F') {
      return false;
    }
    if (head.length >= 5 && new String(head, 0, 5, StandardCharsets.ISO_8859_1).equals("{\\rtf")) {
      return false;
    }
    int odd = 0;
    for (byte b : head) {
      if (b == 0) {
        return false;
      }
      odd += b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' ? 1 : 0;
    }
    return odd * 50 < head.length + 50;
  }

  /** Without what a database's text cannot hold, and the mark of the byte order. */
  static String clean(String text) {
    String plain = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    return plain.startsWith("\ufeff") ? plain.substring(1) : plain;
  }

  private static Extracted checked(Extracted read) {
    return read instanceof Extracted.Text(List<Block> blocks, _)
            && blocks.stream().allMatch(block -> block.text().isBlank())
        ? Extracted.Unreadable.invalid("The file has no text.")
        : read;
  }

  static Extracted tooLong() {
    return Extracted.Unreadable.invalid(
        "The file's text is longer than the " + MOST_CHARACTERS + " characters allowed.");
  }

  @Override
  public void close() {
    child.close();
  }
}
