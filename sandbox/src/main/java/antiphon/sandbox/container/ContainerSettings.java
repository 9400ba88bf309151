package antiphon.sandbox.container;

import java.time.Duration;

/**
 * How containers are kept.
 *
 * @param idleMinutes after which one expires unused, if nothing else was asked for
 * @param mostIdleMinutes that may be asked for
 * @param mostPerTenant how many a tenant may have on a node at once
 * @param maxFileBytes the longest file that is put in or taken out
 * @param lease how long a node is believed to live on after its last word
 */
public record ContainerSettings(
    int idleMinutes, int mostIdleMinutes, int mostPerTenant, long maxFileBytes, Duration lease) {

  public static final ContainerSettings DEFAULT =
      new ContainerSettings(20, 24 * 60, 32, 64L << 20, Duration.ofSeconds(30));

  public ContainerSettings {
    if (idleMinutes < 1 || mostIdleMinutes < idleMinutes || mostPerTenant < 1) {
      throw new IllegalArgumentException("bounds of containers that contradict each other");
    }
  }
}
