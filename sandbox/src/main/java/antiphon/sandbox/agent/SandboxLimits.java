package antiphon.sandbox.agent;

/**
 * How many sandboxes there are, and how large.
 *
 * @param most how many at once
 * @param warm how many are kept ready for the next one who asks
 * @param memory of one that nothing else was asked for, in bytes
 * @param maxMemory the most that may be asked for, in bytes
 */
public record SandboxLimits(int most, int warm, long memory, long maxMemory) {

  public static final SandboxLimits DEFAULT = new SandboxLimits(64, 1, 1L << 30, 4L << 30);

  public SandboxLimits {
    if (most < 1 || warm < 0 || warm > most || memory < 64L << 20 || maxMemory < memory) {
      throw new IllegalArgumentException("bounds of sandboxes that contradict each other");
    }
  }
}
