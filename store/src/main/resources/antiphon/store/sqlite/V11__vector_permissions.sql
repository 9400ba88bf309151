-- What was granted on vector stores to others of their account. An empty user_id is the team: all
-- of the account. tenant and store_id are the store's, to be found by.
CREATE TABLE vector_permissions (
  store_row  INTEGER NOT NULL,
  user_id    TEXT    NOT NULL,
  tenant     TEXT    NOT NULL,
  store_id   TEXT    NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('reader', 'writer')),
  PRIMARY KEY (store_row, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX vector_permissions_store ON vector_permissions (tenant, store_id);
