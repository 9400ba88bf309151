package antiphon.store.sql;

import antiphon.core.agent.AgentStore;
import antiphon.core.container.ContainerStore;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;
import antiphon.core.health.Pulse;
import antiphon.core.memory.MemoryStore;
import antiphon.core.prompt.PromptStore;
import antiphon.core.queue.Room;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Chain;
import antiphon.core.store.Claim;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.KeyStore;
import antiphon.core.store.Keyed;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.OpenLog;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.Recalled;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.core.store.WakeOutcome;
import antiphon.core.tool.Approvals;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorPermissions;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.commit.Futures;
import antiphon.store.sql.commit.Urgency;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.queue.Claims;
import antiphon.store.sql.queue.Leases;
import antiphon.store.sql.response.AppendWrite;
import antiphon.store.sql.response.Chains;
import antiphon.store.sql.response.Chunk;
import antiphon.store.sql.response.EndFromLog;
import antiphon.store.sql.response.EndWrite;
import antiphon.store.sql.response.Endings;
import antiphon.store.sql.response.HotPath;
import antiphon.store.sql.response.IdempotencyKeys;
import antiphon.store.sql.response.InnerLogs;
import antiphon.store.sql.response.InsertWrite;
import antiphon.store.sql.response.Inserts;
import antiphon.store.sql.response.Lists;
import antiphon.store.sql.response.Logs;
import antiphon.store.sql.response.ParkedRows;
import antiphon.store.sql.response.Rows;
import antiphon.store.sql.response.Updates;
import antiphon.store.sql.vector.VectorQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The store on a SQL database: hands each call to the writer or to a reader. */
public abstract class SqlResponseStore implements ResponseStore {

  /** So many leases are extended in one write, so that appends get their turn between. */
  private static final int LEASES_AT_ONCE = 500;

  /** What is larger, in bytes, does not take up room in the line for long. */
  private static final int LIGHT = 64 * 1024;

  /** What is written to know whether a response could be, in bytes. */
  private static final int ROOM = 128 * 1024;

  private static final String PING =
      """
      INSERT INTO health (id, checked_at, room) VALUES (1, ${now}, ?)
      ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, room = excluded.room
      """;

  private final Database database;
  private final InstantSource clock;
  private final HotPath path;
  private final WordIndex words;
  private final Claims claims = new Claims();

  protected SqlResponseStore(
      Database database, InstantSource clock, HotPath path, WordIndex words) {
    this.database = database;
    this.clock = clock;
    this.path = path;
    this.words = words;
  }

  /** Ends every lease, for a database that only one process may use, before it does. */
  protected static void voidLeases(Session session) throws SQLException {
    Leases.voidAll(session);
    VectorQueue.voidAll(session);
  }

  /**
   * The time to take leases away by, in milliseconds since 1970: where the clock has jumped ahead,
   * not yet.
   */
  protected long cautiousMillis() {
    return clock.millis();
  }

  /** The keys kept in the same database; closed with this store. */
  public KeyStore keys() {
    return new SqlKeyStore(database, clock);
  }

  /** The conversations kept in the same database; closed with this store. */
  public ConversationStore conversations() {
    return new SqlConversationStore(database, clock, path, words);
  }

  /** What is known of files, kept in the same database. */
  public FileStore files() {
    return new SqlFileStore(database, clock);
  }

  /** Who may use whose vector stores, in the same database. */
  public VectorPermissions permissions() {
    return new SqlVectorPermissions(database);
  }

  /**
   * Takes what was deleted out of the database's own log, where that is ours to do.
   *
   * @return false if it has to be tried again
   */
  protected boolean erase() {
    return true;
  }

  /** Vector stores, kept in the same database. */
  public VectorCatalog vectors() {
    return new SqlVectorCatalog(database, clock, this::erase);
  }

  /** Bytes of files, kept in the same database. */
  public BlobStore blobs() {
    return new SqlBlobStore(database);
  }

  /** What is known of containers, kept in the same database. */
  public ContainerStore containers() {
    return new SqlContainerStore(database, clock);
  }

  /** Prompts, kept in the same database. */
  public PromptStore prompts() {
    return new SqlPromptStore(database);
  }

  /** Leave that responses have used up, kept in the same database; closed with this store. */
  public Approvals approvals() {
    return new SqlApprovals(database, clock);
  }

  /** Calls of agents that are open, kept in the same database. */
  public AgentStore agents() {
    return new SqlAgentStore(database);
  }

  /** What owners' responses were about, kept in the same database. */
  public MemoryStore memory() {
    return new SqlMemoryStore(database, this);
  }

  @Override
  public CompletableFuture<Void> insert(NewResponse response) {
    database.requireWrite("insert");
    String key = response.id().value();
    long weight = Inserts.weight(response);
    var insert = new InsertWrite(path, response);
    Urgency urgency =
        switch (response.delivery()) {
          case BACKGROUND, BRIEF -> Urgency.NOW;
          case STREAMED -> shared() ? Urgency.NOW : Urgency.SOON;
          case AT_ITS_END -> weight > LIGHT ? Urgency.SOON : Urgency.LATE;
        };
    return database.write("insert", key, weight, urgency, insert).thenAccept(_ -> {});
  }

  @Override
  public Optional<Keyed> insertKeyed(NewResponse response, String key, byte[] requestHash) {
    database.requireWrite("insertKeyed");
    return database.writeAlone(
        "insertKeyed", s -> IdempotencyKeys.insert(s, path, response, key, requestHash));
  }

  @Override
  public void keepProblem(ResponseId id, String key, byte[] problem) {
    database.requireWrite("keepProblem");
    database.writeAlone("keepProblem", s -> IdempotencyKeys.keepProblem(s, id, key, problem));
  }

  @Override
  public Optional<Keyed> findKeyed(Owner owner, String key) {
    return database.read("findKeyed", s -> IdempotencyKeys.find(s, owner, key));
  }

  @Override
  public CompletableFuture<AppendOutcome> append(Append append) {
    // A reader does not notice a few milliseconds, and many models speak at once.
    return database.write(
        "append",
        append.run().id().value(),
        Chunk.bytes(append.events()) + append.entries().bytes(),
        append.entries().isEmpty() ? Urgency.SOON : Urgency.NOW,
        new AppendWrite(path, append));
  }

  @Override
  public List<byte[]> entries(ResponseId id) {
    return database.read("entries", s -> InnerLogs.of(s, id));
  }

  @Override
  public CompletableFuture<EndOutcome> end(ResponseId id, Ending ending) {
    return database.write(
        "end", id.value(), Endings.weight(ending), new EndWrite(path, id, ending));
  }

  @Override
  public EndOutcome endFromLog(ResponseId id, Function<OpenLog, @Nullable Ending> plan) {
    database.requireWrite("endFromLog");
    return database.writeAlone("endFromLog", new EndFromLog(path, id, plan));
  }

  @Override
  public void requestCancel(ResponseId id) {
    database.requireWrite("requestCancel");
    database.writeAlone("requestCancel", s -> Updates.requestCancel(s, id));
  }

  @Override
  public Optional<StoredResponse> find(ResponseId id) {
    return database.read("find", s -> Rows.find(s, id)).map(Rows.Row::response);
  }

  @Override
  public LogPage readLog(ResponseId id, long after, int limit) {
    return database.read("readLog", s -> Logs.read(s, id, after, limit));
  }

  @Override
  public void reconstruct(ResponseId id, Function<byte[], List<byte[]>> reconstruction) {
    database.requireWrite("reconstruct");
    database.writeAlone("reconstruct", s -> Logs.reconstruct(s, id, reconstruction));
  }

  @Override
  public Optional<Page<StoredResponse>> list(Owner owner, PageRequest page, long maxBytes) {
    return database.read("list", s -> Lists.list(s, owner, page, maxBytes));
  }

  @Override
  public Optional<byte[]> input(ResponseId id) {
    return database.read("input", s -> Rows.input(s, id));
  }

  @Override
  public Chain chain(ResponseId id, long maxBytes) {
    return database.read("chain", s -> Chains.chain(s, id, maxBytes));
  }

  @Override
  public Optional<StoredResponse> updateMetadata(
      ResponseId id, byte[] metadata, Function<byte[], byte[]> rewrite) {
    database.requireWrite("updateMetadata");
    return database.writeAlone("updateMetadata", s -> Updates.metadata(s, id, metadata, rewrite));
  }

  @Override
  public boolean delete(ResponseId id) {
    database.requireWrite("delete");
    return database.writeAlone("delete", Updates.delete(id));
  }

  @Override
  public Claim claim(String node, Room room, Duration lease) {
    return claims.told(
        node,
        taken ->
            database.writeAlone(
                "claim", s -> claims.claim(s, node, taken, room, lease, cautiousMillis())));
  }

  @Override
  public List<Recalled> heartbeat(String node, Collection<RunKey> running, Duration lease) {
    // Along the lanes of the runs' own writes: one whose insert still waits is not lost.
    Map<Integer, List<RunKey>> lanes =
        running.stream().collect(Collectors.groupingBy(run -> database.lane(run.id().value())));
    List<CompletableFuture<List<Recalled>>> parts = new ArrayList<>();
    lanes.forEach((lane, runs) -> {
      for (int from = 0; from < runs.size(); from += LEASES_AT_ONCE) {
        var part = runs.subList(from, Math.min(runs.size(), from + LEASES_AT_ONCE));
        parts.add(
            database.write(lane, "heartbeat", "", 0, s -> Leases.extend(s, node, part, lease)));
      }
    });
    return parts.stream().map(Futures::await).flatMap(List::stream).toList();
  }

  @Override
  public void release(RunKey run) {
    database.writeAlone("release", s -> Leases.release(s, run));
  }

  @Override
  public boolean park(RunKey run, long until) {
    return Futures.await(
        database.write("park", run.id().value(), 0, s -> ParkedRows.park(s, run, until)));
  }

  @Override
  public WakeOutcome wake(ResponseId id, byte[] entry) {
    database.requireWrite("wake");
    return database.writeAlone("wake", new ParkedRows.Wake(id, entry));
  }

  @Override
  public void expire(RunKey run) {
    database.writeAlone("expire", s -> Leases.expire(s, run));
  }

  @Override
  public List<RunKey> held(String node) {
    return database.read("held", s -> Leases.held(s, node));
  }

  @Override
  public List<ResponseId> orphans(int limit) {
    return database.read("orphans", s -> Leases.orphans(s, cautiousMillis(), limit));
  }

  @Override
  public int queued() {
    return database.read("queued", Claims::queued);
  }

  @Override
  public int queued(String tenant) {
    return database.read("queued", s -> Claims.queued(s, tenant));
  }

  @Override
  public int purge(Retention retention, int batch) {
    return database.writeAlone("purge", s -> Purge.purge(s, words, retention, batch));
  }

  @Override
  public void ping() {
    database.ping(
        s -> s.first(row -> row.getInt(1), "SELECT 1"), s -> s.update(PING, new byte[ROOM]));
  }

  @Override
  public List<Pulse> loops() {
    return database.loops();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public void close() {
    database.close();
  }
}
