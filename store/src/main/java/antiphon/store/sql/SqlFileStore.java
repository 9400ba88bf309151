package antiphon.store.sql;

import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.FileStore;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Paging;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.vector.VectorFileRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is known of files, in a SQL database. */
final class SqlFileStore implements FileStore {

  private static final String COLUMNS =
      """
      t.tenant, t.end_user, t.id, t.filename, t.purpose, t.bytes, t.sha256, t.blob,
      t.content_type, t.created_at, t.expires_at
      """;

  private static final String ADD =
      """
      INSERT INTO files (tenant, end_user, id, filename, purpose, bytes, sha256, blob,
        content_type, created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (tenant, end_user, id) DO NOTHING
      """;

  private static final String LIVES = " AND (t.expires_at IS NULL OR t.expires_at > ${now}) ";

  private static final String OWNED =
      "SELECT " + COLUMNS + " FROM files t WHERE t.tenant = ? AND t.end_user = ? ";

  private static final String FIND = OWNED + "AND t.id = ?";

  private static final Paging LIST =
      new Paging(
          "SELECT t.created_at, t.id FROM files t"
              + " WHERE t.tenant = ? AND t.end_user = ? AND t.id = ?",
          OWNED + LIVES + "AND (? = '' OR t.purpose = ?) AND (? = '' OR t.sha256 = ?)");

  private static final String DELETE =
      "DELETE FROM files WHERE tenant = ? AND end_user = ? AND id = ?";

  private static final String EXPIRED =
      """
      SELECT t.tenant, t.end_user, t.id FROM files t
      WHERE t.expires_at IS NOT NULL AND t.expires_at <= ${now} ORDER BY t.expires_at LIMIT ?
      """;

  private static final String USES = "SELECT 1 FROM files t WHERE t.blob = ? LIMIT 1";

  private final Database database;
  private final InstantSource clock;

  SqlFileStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void add(StoredFile file) {
    database.requireWrite("add file");
    database.writeAlone(
        "add file",
        s ->
            s.update(
                ADD,
                key(file.id()),
                file.filename(),
                file.purpose().wire(),
                file.bytes(),
                file.sha256(),
                file.blob(),
                file.contentType(),
                file.createdAt(),
                file.expiresAt()));
  }

  @Override
  public Optional<StoredFile> find(FileId id) {
    return database.read("find file", s -> s.first(SqlFileStore::file, FIND + LIVES, key(id)));
  }

  @Override
  public Optional<Page<StoredFile>> list(Owner owner, FileFilter filter, PageRequest page) {
    String purpose = filter.purpose() == null ? "" : filter.purpose().wire();
    String sha256 = filter.sha256() == null ? "" : filter.sha256();
    List<String> values = List.of(purpose, purpose, sha256, sha256);
    return database.read("list files", s -> LIST.page(s, SqlFileStore::file, owner, page, values));
  }

  @Override
  public Optional<StoredFile> delete(FileId id) {
    database.requireWrite("delete file");
    return database.writeAlone("delete file", s -> delete(s, id));
  }

  private static Optional<StoredFile> delete(Session session, FileId id) throws SQLException {
    Optional<StoredFile> file = session.first(SqlFileStore::file, FIND, key(id));
    VectorFileRows.detachEverywhere(session, key(id));
    return session.update(DELETE, key(id)) > 0 ? file : Optional.empty();
  }

  @Override
  public List<FileId> expired(int limit) {
    return database.read(
        "expired files",
        s ->
            s.list(
                row ->
                    new FileId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
                EXPIRED,
                limit));
  }

  @Override
  public boolean uses(String blob) {
    return database
        .read("uses of a blob", s -> s.first(row -> row.getInt(1), USES, blob))
        .isPresent();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  static List<Object> key(FileId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  static StoredFile file(ResultSet row) throws SQLException {
    String purpose = row.getString(5);
    return new StoredFile(
        new FileId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        row.getString(4),
        Arrays.stream(FilePurpose.values())
            .filter(one -> one.wire().equals(purpose))
            .findFirst()
            // Written by a newer program.
            .orElse(FilePurpose.USER_DATA),
        row.getLong(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getLong(10),
        Columns.nullableLong(row, 11));
  }
}
