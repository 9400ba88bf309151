package antiphon.store.sql;

import antiphon.core.memory.Exchange;
import antiphon.core.memory.MemoryStore;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.vector.MemoryRows;
import antiphon.store.sql.vector.VectorStoreRows;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Memories in the database of the responses. */
final class SqlMemoryStore implements MemoryStore {

  private final Database database;
  private final ResponseStore responses;

  SqlMemoryStore(Database database, ResponseStore responses) {
    this.database = database;
    this.responses = responses;
  }

  @Override
  public void note(ResponseId id) {
    database.requireWrite("remember");
    var _ = database.writeAlone("remember", session -> MemoryRows.note(session, id));
  }

  @Override
  public boolean waiting() {
    return database.read("noted responses", session -> MemoryRows.waiting(session));
  }

  @Override
  public int settle(Space space, int batch) {
    return database.writeAlone(
        "settle memories", session -> MemoryRows.settle(session, space, batch));
  }

  @Override
  public Optional<VectorStore> find(Owner owner) {
    return database.read(
        "find memory", session -> VectorStoreRows.find(session, VectorStoreId.memory(owner)));
  }

  @Override
  public int remodel(Owner owner, Space space) {
    return database.writeAlone(
        "remodel memory", session -> MemoryRows.remodel(session, owner, space));
  }

  @Override
  public Optional<Exchange> exchange(ResponseId id) {
    Optional<StoredResponse> found = responses.find(id);
    byte[] snapshot = found.isEmpty() ? null : found.get().snapshot();
    return snapshot == null
        ? Optional.empty()
        : responses.input(id).map(input -> new Exchange(input, snapshot));
  }

  @Override
  public Set<String> living(Owner owner, Collection<String> ids) {
    return database.read(
        "living responses", session -> MemoryRows.living(session, owner, Set.copyOf(ids)));
  }

  @Override
  public int forget(Owner owner) {
    database.requireWrite("forget");
    return database.writeAlone("forget", session -> MemoryRows.forget(session, owner));
  }
}
