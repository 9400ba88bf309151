-- One row a response: everything that decides. Small, because each append rewrites it.
-- queue is the engine that is to run it, as it was when it was created; tier_rank as in core's Rank.
-- end_user is '' for the account's own responses; an end user is never empty.
-- lease_until is set while it is in_progress and runs; it only runs out by being set to 0, when the file is
-- opened: one process has the file, and lives as long as its runs.
-- last_death is the epoch of the run whose process was taken for dead last.
-- run_after is set while it is in_progress and waits: when it is to run again, 0 for at once.
-- brief: kept for minutes after its end.
-- purge: 0 keep, 1 remove the log, 2 remove everything; 2 whenever deleted_at is set.
CREATE TABLE responses (
  row_id            INTEGER PRIMARY KEY,
  tenant            TEXT    NOT NULL CHECK (tenant <> ''),
  end_user          TEXT    NOT NULL,
  id                TEXT    NOT NULL,
  status            TEXT    NOT NULL CHECK (status IN
                      ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
  background        INTEGER NOT NULL,
  epoch             INTEGER NOT NULL,
  node              TEXT    NOT NULL,
  lease_until       INTEGER,
  run_after         INTEGER,
  deaths            INTEGER NOT NULL DEFAULT 0,
  last_death        INTEGER,
  cancel_requested  INTEGER NOT NULL DEFAULT FALSE,
  tier_rank         INTEGER NOT NULL,
  queue             TEXT    NOT NULL,
  model             TEXT    NOT NULL,
  previous          TEXT,
  metadata_version  INTEGER NOT NULL DEFAULT 0,
  next_sequence     INTEGER NOT NULL,
  input_tokens      INTEGER NOT NULL DEFAULT 0,
  cached_tokens     INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens     INTEGER NOT NULL DEFAULT 0,
  reasoning_tokens  INTEGER NOT NULL DEFAULT 0,
  total_tokens      INTEGER NOT NULL DEFAULT 0,
  created_at        INTEGER NOT NULL,
  completed_at      INTEGER,
  deleted_at        INTEGER,
  log_expired       INTEGER NOT NULL DEFAULT FALSE,
  brief             INTEGER NOT NULL DEFAULT FALSE,
  purge             INTEGER NOT NULL DEFAULT 0,
  UNIQUE (tenant, end_user, id),
  CHECK ((completed_at IS NULL) = (status IN ('queued', 'in_progress'))),
  CHECK ((deleted_at IS NOT NULL) = (purge = 2)),
  CHECK ((lease_until IS NOT NULL OR run_after IS NOT NULL) = (status = 'in_progress')),
  CHECK (lease_until IS NULL OR run_after IS NULL)
) STRICT;

-- What is read as a whole and hardly ever changes.
CREATE TABLE bodies (
  row_id    INTEGER PRIMARY KEY,
  request   BLOB NOT NULL,
  input     BLOB NOT NULL,
  metadata  BLOB NOT NULL,
  snapshot  BLOB
) STRICT;

-- The logs, one row for each append: events are JSON of one line each, parted by line feeds.
-- Values of more than 512 bytes are packed (see Packed).
CREATE TABLE events (
  row_id          INTEGER NOT NULL,
  first_sequence  INTEGER NOT NULL,
  count           INTEGER NOT NULL CHECK (count > 0),
  events          BLOB    NOT NULL,
  PRIMARY KEY (row_id, first_sequence)
) STRICT;

-- The inner logs: what a run has to know of the runs before it; kept as long as the response, for
-- those that follow it. Values are packed like events.
CREATE TABLE entries (
  row_id  INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  entry   BLOB NOT NULL,
  PRIMARY KEY (row_id, number)
) STRICT;

-- Which response an owner's Idempotency-Key has made; goes with the response.
CREATE TABLE idempotency_keys (
  tenant           TEXT NOT NULL,
  end_user         TEXT NOT NULL,
  idempotency_key  TEXT NOT NULL,
  request_hash     BLOB NOT NULL,
  id               TEXT NOT NULL,
  problem          BLOB,
  PRIMARY KEY (tenant, end_user, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_response ON idempotency_keys (tenant, end_user, id);

-- Indexes are partial, and none follows from what the guards of single rows ask for (key, status,
-- deleted_at): the database could then read all of it to find one row.
CREATE INDEX responses_list ON responses (tenant, end_user, created_at, id)
  WHERE purge < 2;
CREATE INDEX responses_queue ON responses (queue, tier_rank, tenant, created_at, row_id)
  WHERE status = 'queued';
CREATE INDEX responses_running ON responses (tenant, lease_until)
  WHERE lease_until IS NOT NULL;
CREATE INDEX responses_leases ON responses (lease_until)
  WHERE lease_until IS NOT NULL;
CREATE INDEX responses_waiting ON responses (run_after)
  WHERE run_after IS NOT NULL;
CREATE INDEX responses_old ON responses (completed_at)
  WHERE completed_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX responses_brief ON responses (completed_at)
  WHERE brief AND completed_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX responses_old_logs ON responses (completed_at)
  WHERE completed_at IS NOT NULL AND deleted_at IS NULL AND NOT log_expired;
CREATE INDEX responses_purge ON responses (row_id)
  WHERE purge > 0;

-- The hash alone is kept, and found by its first bytes: the rest is compared in constant time.
CREATE TABLE api_keys (
  row_id      INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  tenant      TEXT    NOT NULL,
  label       TEXT    NOT NULL,
  prefix      INTEGER NOT NULL,
  hash        BLOB    NOT NULL UNIQUE,
  hint        TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  revoked_at  INTEGER
) STRICT;

CREATE INDEX api_keys_prefix ON api_keys (prefix);

-- One row, written when it is to be known whether anything can be.
CREATE TABLE health (
  id          INTEGER PRIMARY KEY,
  checked_at  INTEGER NOT NULL,
  room        BLOB NOT NULL
) STRICT;
