-- What is known of containers; what is in them is on their node alone.
CREATE TABLE containers (
  tenant          TEXT    NOT NULL,
  end_user        TEXT    NOT NULL,
  id              TEXT    NOT NULL,
  name            TEXT    NOT NULL,
  node            TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  last_active_at  INTEGER NOT NULL,
  idle_minutes    INTEGER NOT NULL,
  memory          INTEGER NOT NULL,
  lease_until     INTEGER NOT NULL,
  ended_at        INTEGER,
  ended_why       TEXT,
  PRIMARY KEY (tenant, end_user, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX containers_list ON containers (tenant, end_user, created_at, id);
CREATE INDEX containers_node ON containers (node) WHERE ended_at IS NULL;
CREATE INDEX containers_old ON containers (last_active_at);
