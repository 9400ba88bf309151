package antiphon.core.vector;

import antiphon.core.response.Owner;

/**
 * A store's id together with its owner.
 *
 * @param value the id on the wire, {@code vs_…}
 */
public record VectorStoreId(Owner owner, String value) {

  @Override
  public String toString() {
    return value;
  }
}
