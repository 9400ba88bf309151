-- Vector stores. version grows with each change of what can be found; an index that is older than
-- floor begins anew. Rows are numbered once and for all: indexes go by the numbers.
CREATE TABLE vector_stores (
  row_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant           text COLLATE "C" NOT NULL CHECK (tenant <> ''),
  end_user         text COLLATE "C" NOT NULL,
  id               text COLLATE "C" NOT NULL,
  name             text,
  description      text,
  metadata         bytea NOT NULL,
  expires_days     integer,
  expires_at       bigint,
  embedding_model  text NOT NULL,
  dimensions       integer NOT NULL,
  created_at       bigint NOT NULL,
  last_active_at   bigint NOT NULL,
  version          bigint NOT NULL DEFAULT 0,
  floor            bigint NOT NULL DEFAULT 0,
  deleted          boolean NOT NULL DEFAULT FALSE,
  UNIQUE (tenant, end_user, id)
);

CREATE INDEX vector_stores_list ON vector_stores (tenant, end_user, created_at, id)
  WHERE NOT deleted;
CREATE INDEX vector_stores_expiry ON vector_stores (expires_at)
  WHERE expires_at IS NOT NULL AND NOT deleted;
CREATE INDEX vector_stores_deleted ON vector_stores (row_id) WHERE deleted;

-- Files in stores. Those in progress are the queue; lease_until is 0 while nobody has them.
-- changed is the store's version that a file became what it is with. A deleted one stays for a
-- while, empty, so that indexes learn of it. purge: it has chunks that are to go.
CREATE TABLE vector_files (
  row_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store_row      bigint NOT NULL,
  tenant         text COLLATE "C" NOT NULL,
  end_user       text COLLATE "C" NOT NULL,
  id             text COLLATE "C" NOT NULL,
  batch          text COLLATE "C" NOT NULL,
  status         text COLLATE "C" NOT NULL CHECK (status IN
                   ('in_progress', 'completed', 'failed', 'cancelled', 'deleted')),
  error_code     text COLLATE "C",
  error_message  text,
  filename       text NOT NULL,
  sha256         text COLLATE "C" NOT NULL,
  auto_chunking  boolean NOT NULL,
  max_tokens     integer NOT NULL,
  overlap_tokens integer NOT NULL,
  attributes     bytea NOT NULL,
  usage_bytes    bigint NOT NULL DEFAULT 0,
  chunk_count    integer,
  processed      integer NOT NULL DEFAULT 0,
  page_count     integer,
  created_at     bigint NOT NULL,
  changed        bigint NOT NULL,
  epoch          bigint NOT NULL DEFAULT 0,
  attempts       integer NOT NULL DEFAULT 0,
  node           text NOT NULL DEFAULT '',
  lease_until    bigint NOT NULL DEFAULT 0,
  deleted_at     bigint,
  purge          boolean NOT NULL DEFAULT FALSE
);

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
  store_row   bigint NOT NULL,
  id          text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL,
  cancelled   boolean NOT NULL DEFAULT FALSE,
  PRIMARY KEY (store_row, id)
);

-- vector: numbers of four bytes each, the lowest byte first.
CREATE TABLE vector_chunks (
  file_row  bigint NOT NULL,
  number    integer NOT NULL,
  text      text NOT NULL,
  heading   text NOT NULL,
  page      integer,
  vector    bytea NOT NULL,
  PRIMARY KEY (file_row, number)
);
-- Numbers do not get smaller by packing.
ALTER TABLE vector_chunks ALTER COLUMN vector SET STORAGE EXTERNAL;
