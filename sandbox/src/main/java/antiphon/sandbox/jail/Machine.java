package antiphon.sandbox.jail;

import java.util.Locale;
import java.util.Optional;

/** A kind of processor that there is a filter for. */
enum Machine {
  /** 64 bits of Intel and AMD. */
  X86_64(0xC000003E, 1),
  /** 64 bits of ARM. */
  ARM64(0xC00000B7, 2);

  private final int audit;
  private final int column;

  Machine(int audit, int column) {
    this.audit = audit;
    this.column = column;
  }

  /** What the kernel calls it in {@code seccomp_data.arch}. */
  int audit() {
    return audit;
  }

  /** Its column in the table of system calls. */
  int column() {
    return column;
  }

  /** This one; empty if there is no filter for it. */
  static Optional<Machine> here() {
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64", "arm64" -> Optional.of(ARM64);
      default -> Optional.empty();
    };
  }
}
