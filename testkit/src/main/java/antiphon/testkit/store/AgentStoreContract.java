package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.agent.AgentStore;
import antiphon.core.agent.AgentStore.Open;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ResponseStatus;
import org.junit.jupiter.api.Test;

/** What must hold of open calls of agents in any store. */
public abstract class AgentStoreContract extends StoreFixture {

  private static final String ITEM = "mcp_1";

  /** The calls of the store under test. */
  protected abstract AgentStore agents();

  private ResponseId child(Owner owner, String item) {
    ResponseId id = id(owner);
    assertThat(store().insertKeyed(background(id), AgentStore.key(item), bytes("hash"))).isEmpty();
    return id;
  }

  private Open due() {
    assertThat(agents().due(9)).hasSize(1);
    return agents().due(9).getFirst();
  }

  @Test
  void nothingIsDueWhileBothRun() {
    RunKey parent = running(USER);
    agents().begin(parent.id(), ITEM);
    agents().begin(parent.id(), ITEM);
    assertThat(agents().due(9)).isEmpty();
    var _ = child(USER, ITEM);
    assertThat(agents().due(9)).isEmpty();
  }

  @Test
  void aParentThatHasEndedOrIsGoneIsDue() {
    RunKey parent = running(USER);
    agents().begin(parent.id(), ITEM);
    ResponseId child = child(USER, ITEM);
    end(parent, 2, ResponseStatus.CANCELLED);
    Open due = due();
    assertThat(due.parent()).isEqualTo(parent.id());
    assertThat(due.item()).isEqualTo(ITEM);
    assertThat(due.parentEnded()).isTrue();
    assertThat(due.child()).isEqualTo(child);
    assertThat(due.childEnded()).isFalse();
    assertThat(due.ageMillis()).isBetween(0L, LONG.toMillis());
    agents().done(parent.id(), ITEM);
    agents().done(parent.id(), ITEM);
    assertThat(agents().due(9)).isEmpty();
    agents().begin(new ResponseId(USER, "resp_never"), "mcp_2");
    assertThat(due().parentEnded()).isTrue();
    assertThat(due().child()).isNull();
  }

  @Test
  void aChildThatHasEndedIsDue() {
    RunKey parent = running(USER);
    agents().begin(parent.id(), ITEM);
    ResponseId child = child(USER, ITEM);
    end(claimed(child, "n1"), 2, ResponseStatus.COMPLETED);
    Open due = due();
    assertThat(due.parentEnded()).isFalse();
    assertThat(due.child()).isEqualTo(child);
    assertThat(due.childEnded()).isTrue();
  }

  @Test
  void ownersDoNotMeet() {
    RunKey parent = running(USER);
    agents().begin(parent.id(), ITEM);
    ResponseId foreign = child(OTHER, ITEM);
    end(claimed(foreign, "n1"), 2, ResponseStatus.COMPLETED);
    assertThat(agents().due(9)).isEmpty();
    agents().done(new ResponseId(OTHER, parent.id().value()), ITEM);
    end(parent, 2, ResponseStatus.FAILED);
    assertThat(due().child()).isNull();
  }
}
