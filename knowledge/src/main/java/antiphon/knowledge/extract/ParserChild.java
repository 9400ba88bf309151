package antiphon.knowledge.extract;

import antiphon.knowledge.text.Block;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that parses files, started when it is needed and replaced when it has died, was too
 * slow, or has read many. One file at a time. It gets an empty environment, its own folder for what
 * it has to write, and little memory; a file that kills it is a bad file.
 */
public final class ParserChild implements AutoCloseable {

  private static final int MOST_FILES = 200;
  private static final String MEMORY = "-Xmx384m";
  private static final String STACK = "-Xss2m";

  private final Duration patience;
  private final Path folder;
  private final Semaphore free = new Semaphore(1, true);
  private @Nullable Running running;
  private volatile boolean closed;

  /**
   * @param folder for what it has to write; made when it is needed
   * @param patience how long a file may take
   */
  public ParserChild(Path folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
  }

  private record Running(Process process, DataOutputStream to, DataInputStream from, int files) {}

  /**
   * Parses a file. Blocking; an interrupt stops it, and the process with it.
   *
   * @throws IOException if the bytes cannot be read, or no process can be started
   */
  Extracted parse(String filename, long length, InputStream bytes)
      throws IOException, InterruptedException {
    free.acquire();
    try {
      if (closed) {
        throw new IOException("the parser is closed");
      }
      return parse(ready(), filename, length, bytes);
    } finally {
      free.release();
    }
  }

  private Running ready() throws IOException {
    Running now = running;
    if (now != null && now.process.isAlive() && now.files < MOST_FILES) {
      running = new Running(now.process, now.to, now.from, now.files + 1);
      return now;
    }
    stop();
    Running fresh = start();
    running = fresh;
    return fresh;
  }

  private Running start() throws IOException {
    clear();
    Files.createDirectories(folder);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            MEMORY,
            STACK,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + folder,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            classPath(),
            ParserMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    return new Running(
        process,
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 64 * 1024)),
        new DataInputStream(new BufferedInputStream(process.getInputStream(), 64 * 1024)),
        1);
  }

  /** Ours, with every path whole: the child works elsewhere. */
  private static String classPath() {
    String separator = System.getProperty("path.separator");
    return Stream.of(System.getProperty("java.class.path").split(separator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((one, other) -> one + separator + other)
        .orElse("");
  }

  private Extracted parse(Running child, String filename, long length, InputStream bytes)
      throws IOException, InterruptedException {
    AtomicBoolean late = new AtomicBoolean();
    AtomicBoolean stopped = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              // Blocked on a pipe, the caller does not hear of interrupts.
              try {
                long until = System.nanoTime() + patience.toNanos();
                while (!stopped.get() && !caller.isInterrupted()) {
                  if (System.nanoTime() - until > 0) {
                    late.set(true);
                    break;
                  }
                  TimeUnit.MILLISECONDS.sleep(20);
                }
                if (!stopped.get()) {
                  var _ = child.process.destroyForcibly();
                }
              } catch (InterruptedException _) {
                // The file is read.
              }
            });
    Thread feeder = Thread.ofVirtual().start(() -> feed(child, filename, length, bytes));
    boolean sound = false;
    try {
      Extracted read = answer(child.from);
      feeder.join();
      sound = true;
      return read;
    } catch (IOException e) {
      if (Thread.interrupted() || closed) {
        throw new InterruptedException();
      }
      return late.get()
          ? Extracted.Unreadable.invalid(
              "The file took longer than " + patience.toSeconds() + " seconds to read.")
          : Extracted.Unreadable.invalid("The file cannot be read within the memory allowed.");
    } finally {
      stopped.set(true);
      watch.interrupt();
      if (!sound) {
        stop();
        joined(feeder);
      }
    }
  }

  private static void joined(Thread feeder) {
    feeder.interrupt();
    boolean interrupted = false;
    while (feeder.isAlive()) {
      try {
        feeder.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void feed(Running child, String filename, long length, InputStream bytes) {
    try {
      // Of the name its end matters.
      child.to.writeUTF(filename.substring(Math.max(0, filename.length() - 200)));
      child.to.writeLong(length);
      long count = bytes.transferTo(new NeverClosed(child.to));
      if (count != length) {
        // The child would wait for the rest: the file's bytes are not what they should be.
        var _ = child.process.destroyForcibly();
      }
      child.to.flush();
    } catch (IOException | RuntimeException _) {
      // It has died, which whoever waits for its answer learns.
      var _ = child.process.destroyForcibly();
    }
  }

  private static Extracted answer(DataInputStream from) throws IOException {
    List<Block> blocks = new ArrayList<>();
    while (true) {
      byte mark = from.readByte();
      switch (mark) {
        case Wire.BLOCK -> {
          int level = from.readByte();
          int page = from.readInt();
          byte[] text = new byte[bounded(from.readInt())];
          from.readFully(text);
          blocks.add(
              new Block(
                  Math.clamp(level, 0, 6),
                  page < 1 ? null : page,
                  new String(text, StandardCharsets.UTF_8)));
        }
        case Wire.END -> {
          int pages = from.readInt();
          return new Extracted.Text(blocks, pages < 1 ? null : pages);
        }
        case Wire.INVALID -> {
          return Extracted.Unreadable.invalid(from.readUTF());
        }
        case Wire.UNSUPPORTED -> {
          return Extracted.Unreadable.unsupported(from.readUTF());
        }
        case Wire.TOO_LONG -> {
          return Extractor.tooLong();
        }
        default -> throw new IOException("the parser speaks nonsense");
      }
    }
  }

  private static int bounded(int length) throws IOException {
    if (length < 0 || length > 4 * Extractor.MOST_CHARACTERS) {
      throw new IOException("the parser speaks nonsense");
    }
    return length;
  }

  private void stop() {
    Running now = running;
    running = null;
    if (now != null) {
      var _ = now.process.destroyForcibly();
    }
  }

  /** Removes what a process that was killed has left. */
  private void clear() throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          if (!path.equals(folder)) {
            Files.deleteIfExists(path);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Running now = running;
    if (now != null) {
      var _ = now.process.destroyForcibly();
    }
  }

  /** Transfers must not close the way to the child. */
  private static final class NeverClosed extends OutputStream {
    private final OutputStream to;

    NeverClosed(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
    }
  }
}
