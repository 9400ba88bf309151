package antiphon.core.vector;

import antiphon.core.response.Owner;
import antiphon.core.vector.VectorPermissions.Granted;
import antiphon.core.vector.VectorPermissions.Role;
import java.util.Optional;

/** Finds stores that a caller may use, its own and others'. */
public final class StoreAccess {

  private final VectorCatalog catalog;
  private final VectorPermissions permissions;

  public StoreAccess(VectorCatalog catalog, VectorPermissions permissions) {
    this.catalog = catalog;
    this.permissions = permissions;
  }

  /** A store, and what the caller may do with it. */
  public record Reached(VectorStore store, Role role) {}

  /**
   * The store of this id.
   *
   * @param named the caller, and the id that it says
   * @return empty if there is none that it may use; the same whether there is none at all
   */
  public Optional<Reached> find(VectorStoreId named) {
    if (named.isMemory()) {
      return Optional.empty();
    }
    Optional<Reached> own = catalog.find(named).map(store -> new Reached(store, Role.OWNER));
    return own.isPresent() ? own : granted(named);
  }

  private Optional<Reached> granted(VectorStoreId named) {
    Owner caller = named.owner();
    Optional<Granted> granted = permissions.granted(caller, named.value());
    return granted.flatMap(
        one -> catalog.find(one.store()).map(store -> new Reached(store, one.role())));
  }
}
