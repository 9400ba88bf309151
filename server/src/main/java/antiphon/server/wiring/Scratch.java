package antiphon.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of this node alone, for what can be made again, beside those of other nodes on the same
 * machine. It goes with the node; those that nodes have left behind when they died go with the
 * next.
 */
final class Scratch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long ME = ProcessHandle.current().pid();

  private final Path folder;

  Scratch(Path parent) {
    this.folder = parent.resolve("node-" + ME + "-" + COUNT.incrementAndGet());
    if (Files.isDirectory(parent)) {
      try (Stream<Path> others = Files.list(parent)) {
        others.filter(Scratch::abandoned).forEach(Scratch::remove);
      } catch (IOException e) {
        LOG.warn("{} cannot be tidied up: {}", parent, e.toString());
      }
    }
    remove(folder);
  }

  private static boolean abandoned(Path folder) {
    String[] name = folder.getFileName().toString().split("-", -1);
    if (name.length != 3 || !name[0].equals("node")) {
      return false;
    }
    try {
      long pid = Long.parseLong(name[1]);
      return pid != ME && ProcessHandle.of(pid).isEmpty();
    } catch (NumberFormatException _) {
      return false;
    }
  }

  Path folder() {
    return folder;
  }

  private static void remove(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", folder, e.toString());
    }
  }

  @Override
  public void close() {
    remove(folder);
  }
}
