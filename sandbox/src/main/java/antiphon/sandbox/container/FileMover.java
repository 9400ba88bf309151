package antiphon.sandbox.container;

import antiphon.core.api.Containers;
import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Moves files into containers and out of them, part by part. */
final class FileMover {

  /** One or more names; none hidden from lists, none that leads elsewhere. */
  private static final Pattern PATH =
      Pattern.compile("(?!.*(^|/)\\.{1,2}(/|$))[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)*");

  private static final int LONGEST_PATH = 512;

  private final ContainerService containers;
  private final FileSource files;
  private final long maxBytes;

  FileMover(ContainerService containers, FileSource files, long maxBytes) {
    this.containers = containers;
    this.files = files;
    this.maxBytes = maxBytes;
  }

  ContainerFile copy(ContainerId id, String fileId) throws InterruptedException {
    FileSource.Source source = files.open(id.owner(), fileId);
    try (InputStream bytes = source.bytes();
        InFlow in = upload(id, source.name())) {
      byte[] part = new byte[Sandbox.MAX_PART];
      for (int n = bytes.read(part); n >= 0; n = bytes.read(part)) {
        in.write(part, 0, n);
      }
      return in.finish();
    } catch (IOException e) {
      throw new IllegalStateException("a file could not be read to its end", e);
    }
  }

  InFlow upload(ContainerId id, String name) {
    String path =
        name.startsWith(Sandbox.FOLDER + "/") ? name.substring(Sandbox.FOLDER.length() + 1) : name;
    if (path.length() > LONGEST_PATH || !PATH.matcher(path).matches()) {
      throw Rejected.invalid("file", "The file needs a name, a path without '.' and '..' at most.");
    }
    return new InFlow(id, path);
  }

  byte[] read(ContainerId id, ContainerFile file, long offset) throws InterruptedException {
    try {
      return containers.use(
          id, (_, sandbox) -> sandbox.read(file.path(), offset, Sandbox.MAX_PART));
    } catch (SandboxException e) {
      throw Problems.of(e);
    }
  }

  void delete(ContainerId id, ContainerFile file) throws InterruptedException {
    try {
      containers.use(
          id,
          (_, sandbox) -> {
            sandbox.delete(file.path());
            return file;
          });
    } catch (SandboxException e) {
      throw Problems.of(e);
    }
  }

  /** A file on its way in, kept for a part at most. */
  final class InFlow implements Containers.Upload {

    private final ContainerId id;
    private final String path;
    private final byte[] part = new byte[Sandbox.MAX_PART];
    private int filled;
    private long written;
    private boolean begun;
    private boolean finished;

    private InFlow(ContainerId id, String path) {
      this.id = id;
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (written + filled + length > maxBytes) {
        throw Rejected.invalid("file", "The file is too large: at most " + maxBytes + " bytes.");
      }
      int from = offset;
      int left = length;
      while (left > 0) {
        int count = Math.min(left, part.length - filled);
        System.arraycopy(bytes, from, part, filled, count);
        filled += count;
        from += count;
        left -= count;
        if (filled == part.length) {
          flush();
        }
      }
    }

    private void flush() {
      begun = true;
      try {
        containers.use(
            id,
            (_, sandbox) -> {
              sandbox.write(path, written, Arrays.copyOf(part, filled));
              return id;
            });
        written += filled;
        filled = 0;
      } catch (SandboxException e) {
        throw Problems.of(e);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new Rejected(
            new Problem.Unavailable("The upload was interrupted.", Duration.ofSeconds(1)));
      }
    }

    @Override
    public ContainerFile finish() throws InterruptedException {
      if (filled > 0 || !begun) {
        flush();
      }
      finished = true;
      try {
        return containers.use(
            id,
            (container, _) -> {
              container.putByUser(path);
              String fileId = FileIds.of(id.value(), path);
              return containers.filesOf(container).stream()
                  .filter(file -> file.id().equals(fileId))
                  .findFirst()
                  .orElseThrow(() -> Problems.noFile(fileId));
            });
      } catch (SandboxException e) {
        throw Problems.of(e);
      }
    }

    @Override
    public void close() {
      if (begun && !finished) {
        try {
          containers.use(
              id,
              (_, sandbox) -> {
                sandbox.delete(path);
                return id;
              });
        } catch (SandboxException | Rejected _) {
          // It is not there any more.
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
