package antiphon.core.vector;

import antiphon.core.response.Owner;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use whose vector stores. A store's owner may, always; others of the same account by what
 * was granted to them, or to its team: all end users of the account, and the account itself.
 */
public interface VectorPermissions {

  /** The most grants that a store may have. */
  int MOST = 1000;

  /** What a principal may do with a store; each role includes those above it here. */
  enum Role {
    /** Search it, and read what is in it. */
    READER("reader"),
    /** Put files in and take them out. */
    WRITER("writer"),
    /** All of it. */
    OWNER("owner");

    private final String wire;

    Role(String wire) {
      this.wire = wire;
    }

    /** The word on the wire. */
    public String wire() {
      return wire;
    }

    /** Whether it includes another. */
    public boolean includes(Role other) {
      return compareTo(other) >= 0;
    }
  }

  /**
   * A role that was granted; never the owner's.
   *
   * @param user an end user's id; null for the team
   */
  record Grant(@Nullable String user, Role role) {}

  /** A store of somebody else, and the highest role that was granted. */
  record Granted(VectorStoreId store, Role role) {}

  /**
   * The store of this id that a caller may use though it is another's.
   *
   * @return empty if there is none, or nothing was granted
   */
  Optional<Granted> granted(Owner caller, String storeId);

  /** All grants of a store: the team's first, then by the users' ids. */
  List<Grant> list(VectorStoreId store);

  /** Grants a role instead of whatever was granted before. */
  Granting grant(VectorStoreId store, Grant grant);

  /**
   * Takes back what was granted.
   *
   * @param user null for the team
   * @return false if nothing was
   */
  boolean revoke(VectorStoreId store, @Nullable String user);

  /** What came of it. */
  enum Granting {
    GRANTED,
    NO_STORE,
    /** There are {@link #MOST}. */
    TOO_MANY
  }
}
