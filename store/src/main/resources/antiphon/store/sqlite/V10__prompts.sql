-- Prompts, and their versions, which never change.
CREATE TABLE prompts (
  tenant          TEXT NOT NULL,
  end_user        TEXT NOT NULL,
  id              TEXT NOT NULL,
  name            TEXT NOT NULL,
  description     TEXT,
  metadata        BLOB NOT NULL,
  active_version  INTEGER NOT NULL,
  latest_version  INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX prompts_list ON prompts (tenant, end_user, created_at, id);

CREATE TABLE prompt_versions (
  tenant      TEXT NOT NULL,
  end_user    TEXT NOT NULL,
  id          TEXT NOT NULL,
  version     INTEGER NOT NULL,
  template    TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant, end_user, id, version)
) STRICT, WITHOUT ROWID;
