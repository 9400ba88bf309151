-- Vector stores. version grows with each change of what can be found; an index that is older than
-- floor begins anew. Rows are numbered once and for all: indexes go by the numbers.
CREATE TABLE vector_stores (
  row_id           INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant           TEXT    NOT NULL CHECK (tenant <> ''),
  end_user         TEXT    NOT NULL,
  id               TEXT    NOT NULL,
  name             TEXT,
  description      TEXT,
  metadata         BLOB    NOT NULL,
  expires_days     INTEGER,
  expires_at       INTEGER,
  embedding_model  TEXT    NOT NULL,
  dimensions       INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  last_active_at   INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 0,
  floor            INTEGER NOT NULL DEFAULT 0,
  deleted          INTEGER NOT NULL DEFAULT FALSE,
  UNIQUE (tenant, end_user, id)
) STRICT;

CREATE INDEX vector_stores_list ON vector_stores (tenant, end_user, created_at, id)
  WHERE NOT deleted;
CREATE INDEX vector_stores_expiry ON vector_stores (expires_at)
  WHERE expires_at IS NOT NULL AND NOT deleted;
CREATE INDEX vector_stores_deleted ON vector_stores (row_id) WHERE deleted;

-- Files in stores. Those in progress are the queue; lease_until is 0 while nobody has them.
-- changed is the store's version that a file became what it is with. A deleted one stays for a
-- while, empty, so that indexes learn of it. purge: it has chunks that are to go.
CREATE TABLE vector_files (
  row_id         INTEGER PRIMARY KEY AUTOINCREMENT,
  store_row      INTEGER NOT NULL,
  tenant         TEXT    NOT NULL,
  end_user       TEXT    NOT NULL,
  id             TEXT    NOT NULL,
  batch          TEXT    NOT NULL,
  status         TEXT    NOT NULL CHECK (status IN
                   ('in_progress', 'completed', 'failed', 'cancelled', 'deleted')),
  error_code     TEXT,
  error_message  TEXT,
  filename       TEXT    NOT NULL,
  sha256         TEXT    NOT NULL,
  auto_chunking  INTEGER NOT NULL,
  max_tokens     INTEGER NOT NULL,
  overlap_tokens INTEGER NOT NULL,
  attributes     BLOB    NOT NULL,
  usage_bytes    INTEGER NOT NULL DEFAULT 0,
  chunk_count    INTEGER,
  processed      INTEGER NOT NULL DEFAULT 0,
  page_count     INTEGER,
  created_at     INTEGER NOT NULL,
  changed        INTEGER NOT NULL,
  epoch          INTEGER NOT NULL DEFAULT 0,
  attempts       INTEGER NOT NULL DEFAULT 0,
  node           TEXT    NOT NULL DEFAULT '',
  lease_until    INTEGER NOT NULL DEFAULT 0,
  deleted_at     INTEGER,
  purge          INTEGER NOT NULL DEFAULT FALSE
) STRICT;

CREATE UNIQUE INDEX vector_files_once ON vector_files (store_row, id) WHERE status <> 'deleted';
CREATE INDEX vector_files_list ON vector_files (store_row, created_at, id)
  WHERE status <> 'deleted';
CREATE INDEX vector_files_counts ON vector_files (store_row, batch, status, usage_bytes);
CREATE INDEX vector_files_content ON vector_files (store_row, sha256);
CREATE INDEX vector_files_changes ON vector_files (store_row, changed);
CREATE INDEX vector_files_queue ON vector_files (tenant, end_user, row_id)
  WHERE status = 'in_progress';
CREATE INDEX vector_files_file ON vector_files (tenant, end_user, id) WHERE status <> 'deleted';
CREATE INDEX vector_files_purge ON vector_files (row_id) WHERE purge;
CREATE INDEX vector_files_graves ON vector_files (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE vector_batches (
  store_row   INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  cancelled   INTEGER NOT NULL DEFAULT FALSE,
  PRIMARY KEY (store_row, id)
) STRICT, WITHOUT ROWID;

-- vector: numbers of four bytes each, the lowest byte first.
CREATE TABLE vector_chunks (
  file_row  INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  text      TEXT    NOT NULL,
  heading   TEXT    NOT NULL,
  page      INTEGER,
  vector    BLOB    NOT NULL,
  PRIMARY KEY (file_row, number)
) STRICT;
