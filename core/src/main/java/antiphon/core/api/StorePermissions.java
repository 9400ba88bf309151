package antiphon.core.api;

import antiphon.core.response.Rejected;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.vector.GrantPermission;
import antiphon.protocol.vector.PermissionList;
import antiphon.protocol.vector.PermissionObject;
import antiphon.protocol.vector.PermissionObject.Effective;
import antiphon.protocol.vector.PermissionObject.Removed;

/**
 * Who may use a vector store. Whoever may read it may ask; its owner grants and takes back, others
 * are {@link Rejected} as forbidden, or as not found if they may not even read it.
 */
public interface StorePermissions {

  /** All that are held: the owner's first, then the team's, then those of users. */
  PermissionList list(VectorStoreId id);

  /** Grants a role instead of the one that was held. */
  PermissionObject grant(VectorStoreId id, GrantPermission request);

  /**
   * What a principal may do, and why.
   *
   * @param user an end user's id, or {@code team}
   */
  Effective effective(VectorStoreId id, String user);

  /**
   * Takes back what was granted.
   *
   * @param user an end user's id, or {@code team}
   */
  Removed revoke(VectorStoreId id, String user);
}
