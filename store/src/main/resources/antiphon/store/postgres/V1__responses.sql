-- One row a response: everything that decides. Small, because each append rewrites it; the fill
-- factor and the choice of indexes let appends be heap-only updates.
-- queue is the engine that is to run it, as it was when it was created; tier_rank as in core's Rank.
-- end_user is '' for the account's own responses; an end user is never empty.
-- lease_until is set while it is in_progress and runs.
-- last_death is the epoch of the run whose node was taken for dead last.
-- run_after is set while it is in_progress and waits: when it is to run again, 0 for at once.
-- brief: kept for minutes after its end.
-- purge: 0 keep, 1 remove the log, 2 remove everything; 2 whenever deleted_at is set.
CREATE TABLE responses (
  row_id              bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant              text     COLLATE "C" NOT NULL CHECK (tenant <> ''),
  end_user            text     COLLATE "C" NOT NULL,
  id                  text     COLLATE "C" NOT NULL,
  status              text     COLLATE "C" NOT NULL CHECK (status IN
                        ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
  background          boolean  NOT NULL,
  epoch               bigint   NOT NULL,
  node                text     NOT NULL,
  lease_until         bigint,
  run_after           bigint,
  deaths              integer  NOT NULL DEFAULT 0,
  last_death          bigint,
  cancel_requested    boolean  NOT NULL DEFAULT FALSE,
  tier_rank           integer  NOT NULL,
  queue               text     COLLATE "C" NOT NULL,
  model               text     NOT NULL,
  previous            text     COLLATE "C",
  metadata_version    bigint   NOT NULL DEFAULT 0,
  next_sequence       bigint   NOT NULL,
  input_tokens        integer  NOT NULL DEFAULT 0,
  cached_tokens       integer  NOT NULL DEFAULT 0,
  cache_write_tokens  integer  NOT NULL DEFAULT 0,
  output_tokens       integer  NOT NULL DEFAULT 0,
  reasoning_tokens    integer  NOT NULL DEFAULT 0,
  total_tokens        integer  NOT NULL DEFAULT 0,
  created_at          bigint   NOT NULL,
  completed_at        bigint,
  deleted_at          bigint,
  log_expired         boolean  NOT NULL DEFAULT FALSE,
  brief               boolean  NOT NULL DEFAULT FALSE,
  purge               integer  NOT NULL DEFAULT 0,
  UNIQUE (tenant, end_user, id),
  CHECK ((completed_at IS NULL) = (status IN ('queued', 'in_progress'))),
  CHECK ((deleted_at IS NOT NULL) = (purge = 2)),
  CHECK ((lease_until IS NOT NULL OR run_after IS NOT NULL) = (status = 'in_progress')),
  CHECK (lease_until IS NULL OR run_after IS NULL)
) WITH (fillfactor = 70);

-- What is read as a whole and hardly ever changes.
CREATE TABLE bodies (
  row_id    bigint PRIMARY KEY,
  request   bytea  NOT NULL,
  input     bytea  NOT NULL,
  metadata  bytea  NOT NULL,
  snapshot  bytea
);

-- The logs, one row for each append: events are JSON of one line each, parted by line feeds.
-- Values of more than 512 bytes are packed (see Packed).
CREATE TABLE events (
  row_id          bigint  NOT NULL,
  first_sequence  bigint  NOT NULL,
  count           integer NOT NULL CHECK (count > 0),
  events          bytea   NOT NULL,
  PRIMARY KEY (row_id, first_sequence)
);

-- The inner logs: what a run has to know of the runs before it; kept as long as the response, for
-- those that follow it. Values are packed like events.
CREATE TABLE entries (
  row_id  bigint NOT NULL,
  number  integer NOT NULL,
  entry   bytea NOT NULL,
  PRIMARY KEY (row_id, number)
);

-- Which response an owner's Idempotency-Key has made; goes with the response.
CREATE TABLE idempotency_keys (
  tenant           text  COLLATE "C" NOT NULL,
  end_user         text  COLLATE "C" NOT NULL,
  idempotency_key  text  COLLATE "C" NOT NULL,
  request_hash     bytea NOT NULL,
  id               text  COLLATE "C" NOT NULL,
  problem          bytea,
  PRIMARY KEY (tenant, end_user, idempotency_key)
);

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
  row_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          text   NOT NULL UNIQUE,
  tenant      text   NOT NULL,
  label       text   NOT NULL,
  prefix      bigint NOT NULL,
  hash        bytea  NOT NULL UNIQUE,
  hint        text   NOT NULL,
  created_at  bigint NOT NULL,
  revoked_at  bigint
);

CREATE INDEX api_keys_prefix ON api_keys (prefix);

-- One row, written when it is to be known whether anything can be.
CREATE TABLE health (
  id          INTEGER PRIMARY KEY,
  checked_at  BIGINT NOT NULL,
  room        BYTEA NOT NULL
);
