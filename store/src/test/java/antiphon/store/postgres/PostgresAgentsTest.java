package antiphon.store.postgres;

import antiphon.core.agent.AgentStore;
import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.AgentStoreContract;

/** The contract of open calls of agents, over PostgreSQL. */
final class PostgresAgentsTest extends AgentStoreContract {

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore store = PostgresStore.open(Server.url());
    Server.empty();
    return store;
  }

  @Override
  protected AgentStore agents() {
    return ((PostgresStore) store()).agents();
  }
}
