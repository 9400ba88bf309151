package antiphon.store.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A database at work: its writer and its readers. */
public final class Database implements AutoCloseable {

  private final GroupCommit writer;
  private final Readers readers;

  private Database(GroupCommit writer, Readers readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /** Opens a session for the writer. */
  @FunctionalInterface
  public interface WriterSession {
    /** Opens it; called again when the last one was lost. */
    Session open() throws SQLException;
  }

  /**
   * Starts the threads.
   *
   * @param name begins the threads' names
   * @param readers one session for each thread that reads
   */
  public static Database start(
      String name, WriterSession writer, List<Session> readers, Probe probe) {
    return new Database(
        new GroupCommit(name + "-writer", writer, probe),
        new Readers(name + "-reader-", readers));
  }

  <T> CompletableFuture<T> write(String what, long bytes, Write<T> write) {
    return writer.submit(what, bytes, write);
  }

  <T> T writeNow(String what, Write<T> write) {
    return Futures.await(writer.submit(what, 0, write));
  }

  <T> T read(String what, Readers.Read<T> read) {
    return readers.read(what, read);
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
