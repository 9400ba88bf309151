package antiphon.core.vector;

/** Who indexes files, on this node. */
public interface IndexWork {

  /** There may be files to be indexed. */
  void wake();

  /** Work that runs here may have been cancelled, or there is something to be removed. */
  void recheck();
}
