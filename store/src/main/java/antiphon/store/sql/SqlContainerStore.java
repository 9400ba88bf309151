package antiphon.store.sql;

import antiphon.core.container.ContainerId;
import antiphon.core.container.ContainerStore;
import antiphon.core.container.StoredContainer;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What is known of containers, in a SQL database. */
final class SqlContainerStore implements ContainerStore {

  private static final String COLUMNS =
      """
      t.tenant, t.end_user, t.id, t.name, t.node, t.created_at, t.last_active_at, t.idle_minutes,
      t.memory, t.lease_until, t.ended_at, t.ended_why
      """;

  private static final String ADD =
      """
      INSERT INTO containers (tenant, end_user, id, name, node, created_at, last_active_at,
        idle_minutes, memory, lease_until, ended_at, ended_why)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (tenant, end_user, id) DO NOTHING
      """;

  private static final String IS_THIS = " WHERE tenant = ? AND end_user = ? AND id = ? ";

  private static final String OWNED =
      "SELECT " + COLUMNS + " FROM containers t WHERE t.tenant = ? AND t.end_user = ? ";

  private static final String FIND = OWNED + "AND t.id = ?";

  private static final Paging LIST =
      new Paging("SELECT t.created_at, t.id FROM containers t" + IS_THIS, OWNED);

  private static final String TOUCH =
      "UPDATE containers SET last_active_at = ${now}" + IS_THIS + "AND ended_at IS NULL";

  private static final String END =
      "UPDATE containers SET ended_at = ${now}, ended_why = ?" + IS_THIS + "AND ended_at IS NULL";

  private static final String DELETE = "DELETE FROM containers" + IS_THIS;

  private static final String RENEW =
      """
      UPDATE containers SET lease_until = ${now} + ?
      WHERE node = ? AND ended_at IS NULL AND lease_until > ${now}
      """;

  private static final String LEAVE =
      """
      UPDATE containers SET ended_at = ${now}, ended_why = ? WHERE node = ? AND ended_at IS NULL
      """;

  private static final String PURGE =
      """
      DELETE FROM containers WHERE (tenant, end_user, id) IN (
        SELECT t.tenant, t.end_user, t.id FROM containers t
        WHERE t.last_active_at + t.idle_minutes * 60000 < ${now} - ?
          OR (t.last_active_at < ${now} - ? AND t.ended_at IS NOT NULL)
        LIMIT ?)
      """;

  private final Database database;
  private final InstantSource clock;

  SqlContainerStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void add(StoredContainer container) {
    write(
        "add container",
        s ->
            s.update(
                ADD,
                key(container.id()),
                container.name(),
                container.node(),
                container.createdAt(),
                container.lastActiveAt(),
                container.idleMinutes(),
                container.memory(),
                container.leaseUntil(),
                container.endedAt(),
                container.endedWhy()));
  }

  @Override
  public Optional<StoredContainer> find(ContainerId id) {
    return database.read("find container", s -> s.first(SqlContainerStore::of, FIND, key(id)));
  }

  @Override
  public Optional<Page<StoredContainer>> list(Owner owner, PageRequest page) {
    return database.read(
        "list containers", s -> LIST.page(s, SqlContainerStore::of, owner, page, List.of()));
  }

  @Override
  public void touch(ContainerId id) {
    write("touch container", s -> s.update(TOUCH, key(id)));
  }

  @Override
  public boolean end(ContainerId id, String why) {
    return write("end container", s -> s.update(END, why, key(id))) > 0;
  }

  @Override
  public boolean delete(ContainerId id) {
    return write("delete container", s -> s.update(DELETE, key(id))) > 0;
  }

  @Override
  public void renew(String node, Duration lease) {
    write("renew containers", s -> s.update(RENEW, lease.toMillis(), node));
  }

  @Override
  public void leave(String node, String why) {
    write("leave containers", s -> s.update(LEAVE, why, node));
  }

  @Override
  public int purge(Duration kept, int limit) {
    return write("purge containers", s -> s.update(PURGE, kept.toMillis(), kept.toMillis(), limit));
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  private int write(String what, Write<Integer> write) {
    database.requireWrite(what);
    return database.writeAlone(what, write);
  }

  private static List<Object> key(ContainerId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  private static StoredContainer of(ResultSet row) throws SQLException {
    return new StoredContainer(
        new ContainerId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getLong(7),
        row.getInt(8),
        row.getLong(9),
        row.getLong(10),
        Columns.nullableLong(row, 11),
        row.getString(12));
  }
}
