package antiphon.core.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * A small machine of its own without a network, with one folder to work in, {@value #FOLDER}, and a
 * Python process that keeps its variables from cell to cell. Executions come one after another;
 * files may be moved meanwhile.
 *
 * <p>Interrupting a thread inside an execution stops it: when {@link InterruptedException} has been
 * thrown nothing that it started runs any more. The files stay, and where possible the variables.
 * What an execution leaves running at its end is ended too.
 */
public interface Sandbox extends AutoCloseable {

  /** The folder that files are in. */
  String FOLDER = "/mnt/data";

  /**
   * Runs a cell of Python. Pictures it shows come as PNG and lie in the folder too.
   *
   * @param limit after that it is interrupted, and ended if that does not help
   * @param maxOutput characters of each stream that are passed on; the rest is dropped
   * @throws SandboxException if the sandbox has ended
   */
  Execution cell(String code, Duration limit, int maxOutput, SandboxOutput output)
      throws InterruptedException, SandboxException;

  /** Runs a command in a shell of its own, in the folder. Else like a cell. */
  Execution command(String command, Duration limit, int maxOutput, SandboxOutput output)
      throws InterruptedException, SandboxException;

  /** The regular files below the folder, in the order of their paths, up to a bound. */
  List<SandboxFile> files() throws InterruptedException, SandboxException;

  /**
   * A part of a file.
   *
   * @param path below the folder
   * @param length at most {@value #MAX_PART}
   * @return empty behind its end
   * @throws SandboxException if there is no such file
   */
  byte[] read(String path, long offset, int length) throws InterruptedException, SandboxException;

  /**
   * Writes a part of a file; a part at 0 begins it anew.
   *
   * @param data at most {@value #MAX_PART} bytes
   * @throws SandboxException if there is no room, or no such place
   */
  void write(String path, long offset, byte[] data) throws InterruptedException, SandboxException;

  /** Deletes a file. */
  void delete(String path) throws InterruptedException, SandboxException;

  /** The largest part of a file that is moved at once, in bytes. */
  int MAX_PART = 256 * 1024;

  /** Whether it still can be used. */
  boolean alive();

  /** Ends everything in it and forgets its files. Returns when nothing of it runs any more. */
  @Override
  void close();
}
