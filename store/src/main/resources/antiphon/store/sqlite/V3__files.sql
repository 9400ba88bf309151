-- What is known of files; their bytes are elsewhere, or in blob_parts. blob says where.
CREATE TABLE files (
  row_id        INTEGER PRIMARY KEY,
  tenant        TEXT    NOT NULL CHECK (tenant <> ''),
  end_user      TEXT    NOT NULL,
  id            TEXT    NOT NULL,
  filename      TEXT    NOT NULL,
  purpose       TEXT    NOT NULL,
  bytes         INTEGER NOT NULL,
  sha256        TEXT    NOT NULL,
  blob          TEXT    NOT NULL,
  content_type  TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER,
  UNIQUE (tenant, end_user, id)
) STRICT;

CREATE INDEX files_list ON files (tenant, end_user, created_at, id);
CREATE INDEX files_content ON files (tenant, end_user, sha256);
CREATE INDEX files_blob ON files (blob);
CREATE INDEX files_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

-- Bytes of files, in parts, where the database keeps them for all nodes. kept is false while they come.
CREATE TABLE blobs (
  name        TEXT    PRIMARY KEY,
  kept        INTEGER NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_parts (
  name  TEXT    NOT NULL,
  part  INTEGER NOT NULL,
  data  BLOB    NOT NULL,
  PRIMARY KEY (name, part)
) STRICT;
