-- What was granted on vector stores to others of their account. An empty user_id is the team: all
-- of the account. tenant and store_id are the store's, to be found by.
CREATE TABLE vector_permissions (
  store_row  bigint NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  store_id   text COLLATE "C" NOT NULL,
  role       text NOT NULL CHECK (role IN ('reader', 'writer')),
  PRIMARY KEY (store_row, user_id)
);

CREATE INDEX vector_permissions_store ON vector_permissions (tenant, store_id);
