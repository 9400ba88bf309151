package antiphon.store.sql;

import antiphon.core.file.BlobStore;
import antiphon.core.store.StoreException;
import antiphon.store.sql.commit.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of files in a SQL database, so that every node has them. Each upload has a name of its own:
 * the same bytes uploaded twice are there twice.
 */
final class SqlBlobStore implements BlobStore {

  private static final int PART = 512 * 1024;

  /** So many parts are removed in one transaction. */
  private static final int REMOVED_AT_ONCE = 32;

  private static final int SWEPT_AT_ONCE = 500;

  private static final String BEGIN =
      "INSERT INTO blobs (name, kept, created_at) VALUES (?, FALSE, ${now})"
          + " ON CONFLICT (name) DO NOTHING";

  private static final String PUT =
      "INSERT INTO blob_parts (name, part, data) VALUES (?, ?, ?)"
          + " ON CONFLICT (name, part) DO NOTHING";

  private static final String KEEP = "UPDATE blobs SET kept = TRUE WHERE name = ?";

  private static final String KEPT = "SELECT 1 FROM blobs WHERE name = ? AND kept";

  private static final String PARTS = "SELECT data FROM blob_parts WHERE name = ? AND part = ?";

  private static final String HIDE = "UPDATE blobs SET kept = FALSE WHERE name = ?";

  private static final String DROP_PARTS =
      """
      DELETE FROM blob_parts WHERE name = ? AND part IN
        (SELECT p.part FROM blob_parts p WHERE p.name = ? ORDER BY p.part LIMIT ?)
      """;

  private static final String DROP = "DELETE FROM blobs WHERE name = ?";

  private static final String OLD =
      """
      SELECT name, kept FROM blobs
      WHERE name > ? AND created_at < ${now} - ? ORDER BY name LIMIT ?
      """;

  private final Database database;

  SqlBlobStore(Database database) {
    this.database = database;
  }

  @Override
  public Upload begin() {
    String name = UUID.randomUUID().toString().replace("-", "");
    database.requireWrite("begin blob");
    database.writeAlone("begin blob", s -> s.update(BEGIN, name));
    return new Incoming(name);
  }

  @Override
  public InputStream open(String blob) throws IOException {
    if (database.read("find blob", s -> s.first(row -> row.getInt(1), KEPT, blob)).isEmpty()) {
      throw new NoSuchFileException(blob);
    }
    return new Parts(blob);
  }

  @Override
  public void delete(String blob) {
    database.writeAlone("hide blob", s -> s.update(HIDE, blob));
    while (database.writeAlone("drop blob", s -> s.update(DROP_PARTS, blob, blob, REMOVED_AT_ONCE))
        > 0) {
      // A little at a time: others write between.
    }
    database.writeAlone("drop blob", s -> s.update(DROP, blob));
  }

  @Override
  public List<String> sweep(Duration age, Predicate<String> used) {
    List<String> removed = new ArrayList<>();
    String last = "";
    while (true) {
      String from = last;
      List<Old> old =
          database.read(
              "old blobs",
              s ->
                  s.list(
                      row -> new Old(row.getString(1), row.getBoolean(2)),
                      OLD,
                      from,
                      age.toMillis(),
                      SWEPT_AT_ONCE));
      for (Old one : old) {
        if (!one.kept || !used.test(one.name)) {
          delete(one.name);
          removed.add(one.name);
        }
      }
      if (old.size() < SWEPT_AT_ONCE) {
        return removed;
      }
      last = old.getLast().name;
    }
  }

  private record Old(String name, boolean kept) {}

  private final class Incoming implements Upload {
    private final String name;
    private final MessageDigest digest = sha256();
    private final byte[] part = new byte[PART];
    private int filled;
    private int parts;
    private long count;
    private boolean kept;

    Incoming(String name) {
      this.name = name;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
      count += length;
      int at = offset;
      int left = length;
      while (left > 0) {
        int some = Math.min(left, PART - filled);
        System.arraycopy(bytes, at, part, filled, some);
        filled += some;
        at += some;
        left -= some;
        if (filled == PART) {
          flush();
        }
      }
    }

    private void flush() {
      byte[] full = Arrays.copyOf(part, filled);
      int number = parts;
      database.requireWrite("write blob");
      database.writeAlone("write blob", s -> s.update(PUT, name, number, full));
      parts++;
      filled = 0;
    }

    @Override
    public Blob keep() {
      if (filled > 0) {
        flush();
      }
      if (database.writeAlone("keep blob", s -> s.update(KEEP, name)) == 0) {
        throw new StoreException("an upload took so long that it was removed");
      }
      kept = true;
      return new Blob(name, count, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public void close() {
      if (!kept) {
        delete(name);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads part after part, one of them in memory. */
  private final class Parts extends InputStream {
    private final String name;
    private byte @Nullable [] part = new byte[0];
    private int at;
    private int next;

    Parts(String name) {
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      byte[] now = part;
      while (now != null && at == now.length) {
        now = fetch();
      }
      if (now == null) {
        return -1;
      }
      int some = Math.min(length, now.length - at);
      System.arraycopy(now, at, into, offset, some);
      at += some;
      return some;
    }

    private byte @Nullable [] fetch() throws IOException {
      int number = next;
      Optional<byte[]> found;
      try {
        found =
            database.read("read blob", s -> s.first(row -> row.getBytes(1), PARTS, name, number));
      } catch (StoreException e) {
        throw new IOException(e);
      }
      part = found.orElse(null);
      at = 0;
      next++;
      return part;
    }
  }
}
