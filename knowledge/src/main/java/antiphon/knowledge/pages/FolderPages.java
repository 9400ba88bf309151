package antiphon.knowledge.pages;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The documents of a folder, each with an address. */
public final class FolderPages {

  /** Longer files are no documents. */
  private static final long MOST_BYTES = 100L << 20;

  private FolderPages() {}

  /** Takes documents. */
  public interface Sink {

    /**
     * A document.
     *
     * @param url what it is to be cited by
     */
    void page(String url, String name, byte[] document) throws IOException, InterruptedException;

    /** A file that is left out. */
    void leftOut(String file, String why);
  }

  /**
   * Reads a folder, and what is in folders below it; hidden ones and links aside. Blocking.
   *
   * @param start a folder, or one file
   * @param base what addresses begin with; ends in a slash
   * @param most how many files at most
   * @return whether these were all
   */
  public static boolean read(Path start, String base, int most, Sink sink)
      throws IOException, InterruptedException {
    Path whole = start.toAbsolutePath();
    Path parent = whole.getParent();
    Path root = Files.isDirectory(whole) || parent == null ? whole : parent;
    Visitor visitor = new Visitor(root, base, most, sink);
    Files.walkFileTree(whole, visitor);
    if (visitor.interrupted) {
      throw new InterruptedException();
    }
    return !visitor.bounded;
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final String base;
    private final int most;
    private final Sink sink;
    private int count;
    private boolean bounded;
    private boolean interrupted;

    Visitor(Path root, String base, int most, Sink sink) {
      this.root = root;
      this.base = base;
      this.most = most;
      this.sink = sink;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return !folder.equals(root) && hidden(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    private static boolean hidden(Path path) {
      return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = root.relativize(file).toString().replace('\\', '/');
      if (hidden(file) || !attributes.isRegularFile()) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.size() > MOST_BYTES) {
        sink.leftOut(path, "It is longer than " + (MOST_BYTES >> 20) + " MB.");
        return FileVisitResult.CONTINUE;
      }
      if (count == most) {
        bounded = true;
        return FileVisitResult.TERMINATE;
      }
      count++;
      try {
        sink.page(
            base + new URI(null, null, "/" + path, null).getRawPath().substring(1),
            String.valueOf(file.getFileName()),
            Files.readAllBytes(file));
      } catch (URISyntaxException e) {
        sink.leftOut(path, "Its name can be in no address.");
      } catch (InterruptedException _) {
        interrupted = true;
        return FileVisitResult.TERMINATE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      sink.leftOut(root.relativize(file).toString(), "It cannot be read.");
      return FileVisitResult.CONTINUE;
    }
  }
}
