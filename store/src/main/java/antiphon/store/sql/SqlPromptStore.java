package antiphon.store.sql;

import antiphon.core.prompt.PromptId;
import antiphon.core.prompt.PromptStore;
import antiphon.core.prompt.StoredPrompt;
import antiphon.core.prompt.StoredPrompt.Details;
import antiphon.core.prompt.StoredVersion;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Paging;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Prompts, in a SQL database. */
final class SqlPromptStore implements PromptStore {

  private static final String IS_THIS = " WHERE tenant = ? AND end_user = ? AND id = ? ";

  private static final String OWNED =
      """
      SELECT t.tenant, t.end_user, t.id, t.name, t.description, t.metadata, t.active_version,
        t.latest_version, t.created_at, t.updated_at
      FROM prompts t WHERE t.tenant = ? AND t.end_user = ?
      """;

  private static final String FIND = OWNED + "AND t.id = ?";

  private static final Paging LIST =
      new Paging("SELECT t.created_at, t.id FROM prompts t" + IS_THIS, OWNED);

  private static final String COUNT =
      "SELECT count(*) FROM prompts t WHERE t.tenant = ? AND t.end_user = ?";

  private static final String ADD =
      """
      INSERT INTO prompts (tenant, end_user, id, name, description, metadata, active_version,
        latest_version, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, 1, 1, ${now}, ${now})
      """;

  private static final String UPDATE =
      "UPDATE prompts SET name = ?, description = ?, metadata = ?, updated_at = ${now}" + IS_THIS;

  /** The row first: who comes second waits, and takes the number after. */
  private static final String NEXT =
      """
      UPDATE prompts SET latest_version = latest_version + 1,
        active_version = latest_version + 1, updated_at = ${now}
      """
          + IS_THIS
          + "AND latest_version < ?";

  private static final String ADD_VERSION =
      """
      INSERT INTO prompt_versions (tenant, end_user, id, version, template, created_at)
      VALUES (?, ?, ?, ?, ?, ${now})
      """;

  private static final String VERSION =
      "SELECT v.version, v.template, v.created_at FROM prompt_versions v" + IS_THIS;

  private static final String ACTIVATE =
      "UPDATE prompts SET active_version = ?, updated_at = ${now}"
          + IS_THIS
          + "AND latest_version >= ?";

  private final Database database;

  SqlPromptStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<StoredPrompt> create(PromptId id, Details details, String template) {
    return write("create prompt", s -> create(s, id, details, template));
  }

  private static Optional<StoredPrompt> create(
      Session session, PromptId id, Details details, String template) throws SQLException {
    List<Object> owner = List.of(id.owner().tenant(), Columns.endUser(id.owner()));
    int there = session.first(row -> row.getInt(1), COUNT, owner).orElse(0);
    if (there >= MOST_PROMPTS) {
      return Optional.empty();
    }
    session.update(ADD, key(id), details.name(), details.description(), details.metadata());
    session.update(ADD_VERSION, key(id), 1, template);
    return find(session, id);
  }

  @Override
  public Optional<StoredPrompt> find(PromptId id) {
    return database.read("find prompt", s -> find(s, id));
  }

  private static Optional<StoredPrompt> find(Session session, PromptId id) throws SQLException {
    return session.first(SqlPromptStore::prompt, FIND, key(id));
  }

  @Override
  public Optional<Page<StoredPrompt>> list(Owner owner, PageRequest page) {
    return database.read(
        "list prompts", s -> LIST.page(s, SqlPromptStore::prompt, owner, page, List.of()));
  }

  @Override
  public Optional<StoredPrompt> update(PromptId id, UnaryOperator<Details> change) {
    return write("update prompt", s -> update(s, id, change));
  }

  private static Optional<StoredPrompt> update(
      Session session, PromptId id, UnaryOperator<Details> change) throws SQLException {
    Optional<StoredPrompt> before = find(session, id);
    if (before.isEmpty()) {
      return before;
    }
    Details after = change.apply(before.get().details());
    session.update(UPDATE, after.name(), after.description(), after.metadata(), key(id));
    return find(session, id);
  }

  @Override
  public NewVersion add(PromptId id, String template) {
    return write("add prompt version", s -> add(s, id, template));
  }

  private static NewVersion add(Session session, PromptId id, String template) throws SQLException {
    boolean taken = session.update(NEXT, key(id), MOST_VERSIONS) > 0;
    Optional<StoredPrompt> prompt = find(session, id);
    if (prompt.isEmpty()) {
      return new NewVersion.Gone();
    }
    if (!taken) {
      return new NewVersion.TooMany();
    }
    int number = prompt.get().latestVersion();
    session.update(ADD_VERSION, key(id), number, template);
    return new NewVersion.Written(version(session, id, number).orElseThrow());
  }

  @Override
  public Optional<StoredVersion> version(PromptId id, int number) {
    return database.read("prompt version", s -> version(s, id, number));
  }

  private static Optional<StoredVersion> version(Session session, PromptId id, int number)
      throws SQLException {
    return session.first(SqlPromptStore::version, VERSION + "AND v.version = ?", key(id), number);
  }

  @Override
  public List<StoredVersion> versions(PromptId id, boolean newestFirst, int limit) {
    String order = newestFirst ? "ORDER BY v.version DESC LIMIT ?" : "ORDER BY v.version LIMIT ?";
    return database.read(
        "prompt versions", s -> s.list(SqlPromptStore::version, VERSION + order, key(id), limit));
  }

  @Override
  public Optional<StoredPrompt> activate(PromptId id, int number) {
    return write(
        "activate prompt version",
        s ->
            number > 0 && s.update(ACTIVATE, number, key(id), number) > 0
                ? find(s, id)
                : Optional.empty());
  }

  @Override
  public boolean delete(PromptId id) {
    return write(
        "delete prompt",
        s -> {
          s.update("DELETE FROM prompt_versions" + IS_THIS, key(id));
          return s.update("DELETE FROM prompts" + IS_THIS, key(id)) > 0;
        });
  }

  private <T> T write(String what, Write<T> write) {
    database.requireWrite(what);
    return database.writeAlone(what, write);
  }

  private static List<Object> key(PromptId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  private static StoredPrompt prompt(ResultSet row) throws SQLException {
    return new StoredPrompt(
        new PromptId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        row.getString(4),
        row.getString(5),
        row.getBytes(6),
        row.getInt(7),
        row.getInt(8),
        row.getLong(9),
        row.getLong(10));
  }

  private static StoredVersion version(ResultSet row) throws SQLException {
    return new StoredVersion(row.getInt(1), row.getString(2), row.getLong(3));
  }
}
