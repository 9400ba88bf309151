package antiphon.core.sandbox;

/** Makes sandboxes on this machine. Safe for many threads. */
public interface Sandboxes extends AutoCloseable {

  /** Whether this machine can have any. Found out once; blocks until it is known. */
  Readiness readiness();

  /** The largest memory a sandbox may be given, in bytes. */
  long maxMemory();

  /**
   * A fresh sandbox.
   *
   * @param memory what all its processes and files together may take, in bytes
   * @throws SandboxException if there cannot be one now
   */
  Sandbox open(long memory) throws InterruptedException, SandboxException;

  /** Ends all of them. */
  @Override
  void close();
}
