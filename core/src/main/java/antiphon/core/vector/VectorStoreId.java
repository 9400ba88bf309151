package antiphon.core.vector;

import antiphon.core.response.Owner;

/**
 * A store's id together with its owner.
 *
 * @param value the id on the wire, {@code vs_…}
 */
public record VectorStoreId(Owner owner, String value) {

  private static final String MEMORY = "memory";

  /** Where an owner's finished exchanges are kept; no store that was asked for has such an id. */
  public static VectorStoreId memory(Owner owner) {
    return new VectorStoreId(owner, MEMORY);
  }

  /** Whether it is an owner's memory, which no call that names stores can see. */
  public boolean isMemory() {
    return value.equals(MEMORY);
  }

  @Override
  public String toString() {
    return value;
  }
}
