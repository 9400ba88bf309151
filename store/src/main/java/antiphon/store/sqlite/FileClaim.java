package antiphon.store.sqlite;

import antiphon.core.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second server off the same data file, by a lock on the file itself: nobody can take it
 * away by removing something beside it, and the system frees it when the process ends, however it
 * ends. The locked byte lies far behind those that SQLite locks, so a command may still use the
 * file beside the server.
 *
 * <p>A POSIX lock is lost as soon as its process closes any handle of the file. So this process has
 * one channel on it alone, closed last; and SQLite, which knows the same trouble, closes none of
 * its handles while one of its connections holds a lock, as a connection in WAL mode that has read
 * always does: one is kept open as long as the claim.
 */
final class FileClaim implements AutoCloseable {

  /** SQLite's own locks lie right behind the first gigabyte. */
  private static final long PLACE = Long.MAX_VALUE - 1;

  /** The files that this process has claimed: to open a channel only to find out would free it. */
  private static final Set<Object> MINE = new HashSet<>();

  private final Object identity;
  private final Connection anchor;
  private final FileChannel channel;
  private final Path note;

  private FileClaim(Object identity, Connection anchor, FileChannel channel, Path note) {
    this.identity = identity;
    this.anchor = anchor;
    this.channel = channel;
    this.note = note;
  }

  /**
   * Takes the file.
   *
   * @param file is there, and a database in WAL mode
   * @throws StoreException if another store has it; names the process where that is known
   */
  static FileClaim take(SqliteFile file) throws SQLException, IOException {
    Object identity = identity(file.path());
    Path note = file.path().resolveSibling(file.path().getFileName() + ".pid");
    synchronized (MINE) {
      if (MINE.contains(identity)) {
        throw inUse(file.path(), note);
      }
      Connection anchor = anchor(file);
      @Nullable FileChannel channel = null;
      boolean taken = false;
      try {
        channel = FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        taken = channel.tryLock(PLACE, 1, false) != null;
        if (!taken) {
          throw inUse(file.path(), note);
        }
        Files.writeString(note, Long.toString(ProcessHandle.current().pid()));
        MINE.add(identity);
        return new FileClaim(identity, anchor, channel, note);
      } finally {
        if (!taken) {
          release(anchor, channel);
        }
      }
    }
  }

  /** A connection that holds SQLite's shared lock until it is closed. */
  private static Connection anchor(SqliteFile file) throws SQLException {
    Connection connection = file.connect(false);
    try {
      hold(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The file's own number where it has one: a path may lead to it by several ways. */
  private static Object identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private static StoreException inUse(Path file, Path note) {
    String holder;
    try {
      holder = " (process " + Files.readString(note, StandardCharsets.US_ASCII).strip() + ")";
    } catch (IOException _) {
      holder = "";
    }
    return new StoreException(file + " is in use by another server" + holder);
  }

  private static void release(Connection anchor, @Nullable FileChannel channel)
      throws SQLException, IOException {
    try (channel) {
      anchor.close();
    }
  }

  /** To be called when every other connection of this process is closed. */
  @Override
  public void close() {
    synchronized (MINE) {
      try {
        Files.deleteIfExists(note);
        release(anchor, channel);
      } catch (SQLException | IOException e) {
        throw new StoreException("the data file could not be closed: " + e.getMessage(), e);
      } finally {
        MINE.remove(identity);
      }
    }
  }

  /** Makes a connection hold SQLite's shared lock: it takes it with the first thing it reads. */
  static void hold(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
    }
  }
}
