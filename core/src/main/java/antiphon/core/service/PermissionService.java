package antiphon.core.service;

import antiphon.core.api.StorePermissions;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.vector.StoreAccess;
import antiphon.core.vector.VectorPermissions;
import antiphon.core.vector.VectorPermissions.Grant;
import antiphon.core.vector.VectorPermissions.Role;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.vector.GrantPermission;
import antiphon.protocol.vector.PermissionList;
import antiphon.protocol.vector.PermissionObject;
import antiphon.protocol.vector.PermissionObject.Effective;
import antiphon.protocol.vector.PermissionObject.Removed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may use a vector store. */
public final class PermissionService implements StorePermissions {

  private static final String USER = "user";
  private static final String TEAM = "team";

  /** What means something else where a user's id stands. */
  private static final Set<String> NO_USERS = Set.of(".", "..", "*", TEAM);

  private final Reach reach;
  private final VectorPermissions permissions;

  /**
   * @param clock of stores' expiry
   */
  public PermissionService(
      StoreAccess access, VectorPermissions permissions, java.time.InstantSource clock) {
    this.reach = new Reach(access, clock);
    this.permissions = permissions;
  }

  @Override
  public PermissionList list(VectorStoreId id) {
    VectorStoreId store = reach.live(id, Role.READER).id();
    List<PermissionObject> all = new ArrayList<>();
    all.add(new PermissionObject(store.value(), USER, store.owner().endUser(), Role.OWNER.wire()));
    permissions.list(store).forEach(grant -> all.add(object(store, grant)));
    return new PermissionList(all);
  }

  private static PermissionObject object(VectorStoreId store, Grant grant) {
    return new PermissionObject(
        store.value(), type(grant.user()), grant.user(), grant.role().wire());
  }

  private static String type(@Nullable String user) {
    return user == null ? TEAM : USER;
  }

  @Override
  public PermissionObject grant(VectorStoreId id, GrantPermission request) {
    VectorStore store = reach.live(id, Role.OWNER);
    Grant grant = new Grant(grantee(request), role(request.role()));
    if (isOwner(store, grant.user())) {
      throw ownersOwn();
    }
    return switch (permissions.grant(store.id(), grant)) {
      case GRANTED -> object(store.id(), grant);
      case NO_STORE -> throw NotFound.vectorStore(id.value());
      case TOO_MANY ->
          throw new Rejected(
              new Problem.Invalid(
                  "A vector store may have at most " + VectorPermissions.MOST + " permissions.",
                  null,
                  null));
    };
  }

  private static @Nullable String grantee(GrantPermission request) {
    String type = request.granteeType() == null ? USER : request.granteeType();
    String user = request.userId();
    if (type.equals(TEAM)) {
      if (user != null) {
        throw Rejected.invalid("user_id", "Invalid 'user_id': a team has none.");
      }
      return null;
    }
    if (!type.equals(USER)) {
      throw Rejected.invalid("grantee_type", "Invalid 'grantee_type': must be user or team.");
    }
    if (user == null) {
      throw Rejected.invalid("user_id", "Missing required parameter: 'user_id'.");
    }
    return checked(user);
  }

  private static String checked(String user) {
    boolean odd =
        user.codePoints()
            .anyMatch(c -> c == '/' || Character.isWhitespace(c) || Character.isISOControl(c));
    if (user.isEmpty() || user.length() > Owner.MAX_END_USER || odd || NO_USERS.contains(user)) {
      throw Rejected.invalid(
          "user_id",
          "Invalid 'user_id': must be 1 to "
              + Owner.MAX_END_USER
              + " characters without '/' and spaces, and not '.', '..', '*' or 'team'.");
    }
    return user;
  }

  private static Role role(String word) {
    for (Role role : List.of(Role.READER, Role.WRITER)) {
      if (role.wire().equals(word)) {
        return role;
      }
    }
    throw Rejected.invalid("role", "Invalid 'role': must be reader or writer.");
  }

  private static boolean isOwner(VectorStore store, @Nullable String user) {
    return user != null && Objects.equals(store.id().owner().endUser(), user);
  }

  private static Rejected ownersOwn() {
    return Rejected.invalid(
        "user_id", "Invalid 'user_id': what a vector store's owner may do cannot be changed.");
  }

  /** The team for its word, else a user. */
  private static @Nullable String principal(String user) {
    return user.equals(TEAM) ? null : checked(user);
  }

  @Override
  public Effective effective(VectorStoreId id, String user) {
    VectorStore store = reach.live(id, Role.READER);
    String principal = principal(user);
    if (isOwner(store, principal)) {
      return effective(store, principal, Role.OWNER, "owner");
    }
    List<Grant> grants = permissions.list(store.id());
    Role team = role(grants, null).orElse(null);
    Role own = principal == null ? null : role(grants, principal).orElse(null);
    if (own != null && (team == null || own.includes(team))) {
      return effective(store, principal, own, "grant");
    }
    return effective(store, principal, team, team == null ? "none" : TEAM);
  }

  private static Optional<Role> role(List<Grant> grants, @Nullable String user) {
    return grants.stream()
        .filter(grant -> Objects.equals(grant.user(), user))
        .map(Grant::role)
        .findFirst();
  }

  private static Effective effective(
      VectorStore store, @Nullable String user, @Nullable Role role, String source) {
    return new Effective(
        store.id().value(), type(user), user, role == null ? null : role.wire(), source);
  }

  @Override
  public Removed revoke(VectorStoreId id, String user) {
    VectorStore store = reach.live(id, Role.OWNER);
    String principal = principal(user);
    if (isOwner(store, principal)) {
      throw ownersOwn();
    }
    if (!permissions.revoke(store.id(), principal)) {
      throw NotFound.permission(user);
    }
    return new Removed(store.id().value(), type(principal), principal);
  }
}
