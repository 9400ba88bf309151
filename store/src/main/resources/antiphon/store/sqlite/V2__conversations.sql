-- One row a conversation. version grows with each change of its items; next_turn is the place in
-- the line that the next response gets; bytes is the size of all items as JSON.
CREATE TABLE conversations (
  row_id         INTEGER PRIMARY KEY,
  tenant         TEXT    NOT NULL CHECK (tenant <> ''),
  end_user       TEXT    NOT NULL,
  id             TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  deleted_at     INTEGER,
  version        INTEGER NOT NULL DEFAULT 0,
  next_position  INTEGER NOT NULL DEFAULT 0,
  next_turn      INTEGER NOT NULL DEFAULT 0,
  bytes          INTEGER NOT NULL DEFAULT 0,
  metadata       BLOB    NOT NULL,
  UNIQUE (tenant, end_user, id)
) STRICT;

CREATE INDEX conversations_list ON conversations (tenant, end_user, updated_at, id)
  WHERE deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at)
  WHERE deleted_at IS NOT NULL;

-- The same metadata pair by pair, to be found by.
CREATE TABLE conversation_metadata (
  conversation  INTEGER NOT NULL,
  key           TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  PRIMARY KEY (conversation, key)
) STRICT, WITHOUT ROWID;

-- Items, each once; packed as bodies are. told is what a model is to see instead, a JSON array, for
-- a call that the server has run. bytes is the size of both as JSON.
CREATE TABLE conversation_items (
  row_id        INTEGER PRIMARY KEY,
  conversation  INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  id            TEXT    NOT NULL,
  bytes         INTEGER NOT NULL,
  item          BLOB    NOT NULL,
  told          BLOB,
  UNIQUE (conversation, position),
  UNIQUE (conversation, id)
) STRICT;

CREATE INDEX conversation_items_id ON conversation_items (id);

-- The words of items by their row, and of metadata by the conversation's row, negated; each with a
-- word that stands for the owner.
CREATE VIRTUAL TABLE conversation_words USING fts5 (
  words, content = '', contentless_delete = 1, detail = 'none');

-- The conversation that a response writes to, and its place in the line there.
ALTER TABLE responses ADD COLUMN conversation INTEGER;
ALTER TABLE responses ADD COLUMN turn INTEGER;

CREATE INDEX responses_turns ON responses (conversation, turn)
  WHERE conversation IS NOT NULL AND completed_at IS NULL;
