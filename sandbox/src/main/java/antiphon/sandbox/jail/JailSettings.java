package antiphon.sandbox.jail;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sandboxes are made on this machine.
 *
 * @param bubblewrap the program; a bare name is looked for in the usual places
 * @param python the interpreter, below {@code /usr} or a readable folder; null for the machine's
 * @param packages a virtual environment with Python packages, readable by everybody; null for none
 * @param readable further folders that those inside may read, at the same path
 * @param firstUser where the server runs as root: sandboxes run as this user id and those after it,
 *     one each, which nobody else may have
 * @param cgroups whether control groups are used where they can be written
 * @param bounds what each sandbox may take
 */
public record JailSettings(
    String bubblewrap,
    @Nullable Path python,
    @Nullable Path packages,
    List<Path> readable,
    int firstUser,
    boolean cgroups,
    Bounds bounds) {

  /** The lowest id of a user that may be given to sandboxes. */
  public static final int LOWEST_USER = 100_000;

  public static final JailSettings DEFAULT =
      new JailSettings("bwrap", null, null, List.of(), 800_000_000, true, Bounds.DEFAULT);

  public JailSettings {
    readable = List.copyOf(readable);
    if (firstUser < LOWEST_USER) {
      throw new IllegalArgumentException("first_user must be at least " + LOWEST_USER);
    }
  }

  /** The same with packages. */
  public JailSettings with(@Nullable Path newPackages) {
    return new JailSettings(bubblewrap, python, newPackages, readable, firstUser, cgroups, bounds);
  }

  /**
   * What a sandbox may take beside its memory.
   *
   * @param disk bytes of all files, which count as memory too
   * @param files how many files, folders and links
   * @param processes processes and threads at once
   * @param openFiles of one process
   * @param processors how many of them it may keep busy
   */
  public record Bounds(long disk, int files, int processes, int openFiles, double processors) {
    public static final Bounds DEFAULT = new Bounds(256L << 20, 16_384, 64, 512, 1);
  }
}
