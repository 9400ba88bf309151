package antiphon.testkit.vector;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorPermissions;
import antiphon.core.vector.VectorPermissions.Grant;
import antiphon.core.vector.VectorPermissions.Granted;
import antiphon.core.vector.VectorPermissions.Granting;
import antiphon.core.vector.VectorPermissions.Role;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything that permissions of vector stores must do. */
public abstract class VectorPermissionsContract {

  private static final Owner ANN = new Owner("acme", "ann");
  private static final Owner BOB = new Owner("acme", "bob");
  private static final Owner ACCOUNT = Owner.account("acme");
  private static final Owner STRANGER = new Owner("other", "bob");

  /** The permissions under test; none are there at the start. */
  protected abstract VectorPermissions permissions();

  /** The stores of the same database. */
  protected abstract VectorCatalog catalog();

  private VectorStoreId store(Owner owner, String id) {
    VectorStore.Fresh fresh =
        new VectorStore.Fresh(new VectorStoreId(owner, id), null, null, Map.of(), null, "model", 2);
    return catalog().create(fresh).id();
  }

  private Granting grant(VectorStoreId store, String user, Role role) {
    return permissions().grant(store, new Grant(user, role));
  }

  @Test
  void nothingIsGrantedUnlessItIs() {
    VectorStoreId store = store(ANN, "vs_1");
    assertThat(permissions().list(store)).isEmpty();
    assertThat(permissions().granted(BOB, "vs_1")).isEmpty();
    assertThat(permissions().granted(ACCOUNT, "vs_1")).isEmpty();
    assertThat(permissions().revoke(store, "bob")).isFalse();
    assertThat(permissions().revoke(store, null)).isFalse();
  }

  @Test
  void aGrantReachesWhomItNames() {
    VectorStoreId store = store(ANN, "vs_1");
    assertThat(store(ANN, "vs_2")).isNotNull();
    assertThat(grant(store, "bob", Role.READER)).isEqualTo(Granting.GRANTED);
    assertThat(permissions().granted(BOB, "vs_1")).contains(new Granted(store, Role.READER));
    assertThat(permissions().granted(BOB, "vs_2")).isEmpty();
    assertThat(permissions().granted(new Owner("acme", "BOB"), "vs_1")).isEmpty();
    assertThat(permissions().granted(ACCOUNT, "vs_1")).isEmpty();
    assertThat(permissions().granted(STRANGER, "vs_1")).isEmpty();
    assertThat(grant(store, "bob", Role.WRITER)).isEqualTo(Granting.GRANTED);
    assertThat(permissions().granted(BOB, "vs_1")).contains(new Granted(store, Role.WRITER));
    assertThat(permissions().list(store)).containsExactly(new Grant("bob", Role.WRITER));
    assertThat(permissions().revoke(store, "bob")).isTrue();
    assertThat(permissions().granted(BOB, "vs_1")).isEmpty();
  }

  @Test
  void theTeamIsAllOfTheAccountAndNobodyElse() {
    VectorStoreId store = store(ANN, "vs_1");
    assertThat(permissions().grant(store, new Grant(null, Role.READER)))
        .isEqualTo(Granting.GRANTED);
    Granted reading = new Granted(store, Role.READER);
    assertThat(permissions().granted(BOB, "vs_1")).contains(reading);
    assertThat(permissions().granted(ACCOUNT, "vs_1")).contains(reading);
    assertThat(permissions().granted(STRANGER, "vs_1")).isEmpty();
    assertThat(permissions().granted(Owner.account("other"), "vs_1")).isEmpty();
    assertThat(permissions().granted(ANN, "vs_1")).as("it is her own").isEmpty();
    assertThat(grant(store, "bob", Role.WRITER)).isEqualTo(Granting.GRANTED);
    assertThat(permissions().granted(BOB, "vs_1").orElseThrow().role()).isEqualTo(Role.WRITER);
    assertThat(permissions().list(store))
        .containsExactly(new Grant(null, Role.READER), new Grant("bob", Role.WRITER));
    assertThat(permissions().revoke(store, null)).isTrue();
    assertThat(permissions().granted(ACCOUNT, "vs_1")).isEmpty();
    assertThat(permissions().granted(BOB, "vs_1")).isPresent();
  }

  @Test
  void onlyTheOwnersIdNamesTheStore() {
    VectorStoreId store = store(ANN, "vs_1");
    for (Owner other : new Owner[] {BOB, ACCOUNT, STRANGER}) {
      VectorStoreId named = new VectorStoreId(other, "vs_1");
      assertThat(grant(named, "bob", Role.WRITER)).isEqualTo(Granting.NO_STORE);
      assertThat(permissions().list(named)).isEmpty();
    }
    assertThat(grant(store, "bob", Role.READER)).isEqualTo(Granting.GRANTED);
    assertThat(permissions().revoke(new VectorStoreId(BOB, "vs_1"), "bob")).isFalse();
  }

  @Test
  void grantsGoWithTheStore() {
    VectorStoreId store = store(ANN, "vs_1");
    assertThat(grant(store, "bob", Role.READER)).isEqualTo(Granting.GRANTED);
    assertThat(catalog().delete(store)).isTrue();
    assertThat(permissions().granted(BOB, "vs_1")).isEmpty();
    assertThat(grant(store, "bob", Role.READER)).isEqualTo(Granting.NO_STORE);
  }

  @Test
  void thereIsABound() {
    VectorStoreId store = store(ANN, "vs_1");
    for (int i = 0; i < VectorPermissions.MOST; i++) {
      assertThat(grant(store, "user" + i, Role.READER)).isEqualTo(Granting.GRANTED);
    }
    assertThat(grant(store, "bob", Role.READER)).isEqualTo(Granting.TOO_MANY);
    assertThat(grant(store, "user7", Role.WRITER)).isEqualTo(Granting.GRANTED);
  }
}
