package antiphon.sandbox.jail;

import java.nio.file.Path;

/** Bounds on what all processes of a sandbox take together, kept by the kernel. */
public interface ControlGroups {

  /** A new group without processes. */
  Group make(String name, Amounts amounts);

  /**
   * What a group may take.
   *
   * @param memory in bytes
   * @param processes processes and threads
   * @param processors how many may be kept busy
   */
  record Amounts(long memory, int processes, double processors) {}

  /** A group. */
  interface Group {

    /** The files that a process writes its own number to, to join. */
    java.util.List<Path> joins();

    /** Changes the memory it may take; false if it cannot be. */
    boolean memory(long bytes);

    /** How often the kernel has ended a process of it because its memory was used up. */
    long ended();

    /** Removes it; nothing must run in it any more. */
    void remove();
  }
}
