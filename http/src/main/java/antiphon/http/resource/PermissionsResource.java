package antiphon.http.resource;

import antiphon.core.api.StorePermissions;
import antiphon.core.response.Owner;
import antiphon.core.vector.VectorStoreId;
import antiphon.http.route.Call;
import antiphon.protocol.vector.GrantPermission;

/** {@code /vector_stores/{vector_store_id}/permissions} and below. */
public final class PermissionsResource {

  private final StorePermissions permissions;
  private final JsonBody bodies;

  public PermissionsResource(StorePermissions permissions, JsonBody bodies) {
    this.permissions = permissions;
    this.bodies = bodies;
  }

  /** GET. */
  public void list(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), permissions.list(id(call, owner)));
  }

  /** POST. */
  public void grant(Call call, Owner owner) throws InterruptedException {
    GrantPermission request = bodies.read(call.exchange(), GrantPermission.class);
    Replies.json(call.exchange(), permissions.grant(id(call, owner), request));
  }

  /** GET of a principal's. */
  public void effective(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), permissions.effective(id(call, owner), call.variables().get(1)));
  }

  /** DELETE of a principal's. */
  public void revoke(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), permissions.revoke(id(call, owner), call.variables().get(1)));
  }

  private static VectorStoreId id(Call call, Owner owner) {
    return VectorStoresResource.id(call, owner);
  }
}
