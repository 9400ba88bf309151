package antiphon.core.container;

import antiphon.core.response.Owner;

/**
 * A container's id together with its owner, so that a look-up that forgets the owner does not
 * compile.
 *
 * @param value the id on the wire, {@code cntr_…}
 */
public record ContainerId(Owner owner, String value) {

  /** What container ids begin with. */
  public static final String PREFIX = "cntr";

  @Override
  public String toString() {
    return value;
  }
}
