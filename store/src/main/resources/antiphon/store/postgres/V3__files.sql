-- What is known of files; their bytes are elsewhere, or in blob_parts. blob says where.
CREATE TABLE files (
  row_id        bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant        text    COLLATE "C" NOT NULL CHECK (tenant <> ''),
  end_user      text    COLLATE "C" NOT NULL,
  id            text    COLLATE "C" NOT NULL,
  filename      text    NOT NULL,
  purpose       text    COLLATE "C" NOT NULL,
  bytes         bigint  NOT NULL,
  sha256        text    COLLATE "C" NOT NULL,
  blob          text    COLLATE "C" NOT NULL,
  content_type  text    NOT NULL,
  created_at    bigint  NOT NULL,
  expires_at    bigint,
  UNIQUE (tenant, end_user, id)
);

CREATE INDEX files_list ON files (tenant, end_user, created_at, id);
CREATE INDEX files_content ON files (tenant, end_user, sha256);
CREATE INDEX files_blob ON files (blob);
CREATE INDEX files_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

-- Bytes of files, in parts, where the database keeps them for all nodes. kept is false while they come.
CREATE TABLE blobs (
  name        text     COLLATE "C" PRIMARY KEY,
  kept        boolean  NOT NULL,
  created_at  bigint   NOT NULL
);

CREATE TABLE blob_parts (
  name  text     COLLATE "C" NOT NULL,
  part  integer  NOT NULL,
  data  bytea    NOT NULL,
  PRIMARY KEY (name, part)
);
-- Files are packed themselves, more often than not.
ALTER TABLE blob_parts ALTER COLUMN data SET STORAGE EXTERNAL;
