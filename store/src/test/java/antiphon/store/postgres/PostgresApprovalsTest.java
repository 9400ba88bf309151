package antiphon.store.postgres;

import antiphon.core.store.ResponseStore;
import antiphon.core.tool.Approvals;
import antiphon.testkit.store.ApprovalsContract;

/** The contract of approvals, over PostgreSQL. */
final class PostgresApprovalsTest extends ApprovalsContract {

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore store = PostgresStore.open(Server.url());
    Server.empty();
    return store;
  }

  @Override
  protected Approvals approvals(ResponseStore store) {
    return ((PostgresStore) store).approvals();
  }
}
