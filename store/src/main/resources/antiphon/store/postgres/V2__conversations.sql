-- One row a conversation. version grows with each change of its items; next_turn is the place in
-- the line that the next response gets; bytes is the size of all items as JSON; words are those of
-- the metadata's values.
CREATE TABLE conversations (
  row_id         bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant         text     COLLATE "C" NOT NULL CHECK (tenant <> ''),
  end_user       text     COLLATE "C" NOT NULL,
  id             text     COLLATE "C" NOT NULL,
  created_at     bigint   NOT NULL,
  updated_at     bigint   NOT NULL,
  deleted_at     bigint,
  version        bigint   NOT NULL DEFAULT 0,
  next_position  bigint   NOT NULL DEFAULT 0,
  next_turn      bigint   NOT NULL DEFAULT 0,
  bytes          bigint   NOT NULL DEFAULT 0,
  metadata       bytea    NOT NULL,
  words          tsvector NOT NULL DEFAULT '',
  UNIQUE (tenant, end_user, id)
);

CREATE INDEX conversations_list ON conversations (tenant, end_user, updated_at, id)
  WHERE deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at)
  WHERE deleted_at IS NOT NULL;
CREATE INDEX conversations_words ON conversations USING gin (words);

-- The same metadata pair by pair, to be found by.
CREATE TABLE conversation_metadata (
  conversation  bigint NOT NULL,
  key           text   COLLATE "C" NOT NULL,
  value         text   COLLATE "C" NOT NULL,
  PRIMARY KEY (conversation, key)
);

-- Items, each once; packed as bodies are. told is what a model is to see instead, a JSON array, for
-- a call that the server has run. bytes is the size of both as JSON.
CREATE TABLE conversation_items (
  row_id        bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation  bigint   NOT NULL,
  position      bigint   NOT NULL,
  id            text     COLLATE "C" NOT NULL,
  bytes         bigint   NOT NULL,
  item          bytea    NOT NULL,
  told          bytea,
  words         tsvector NOT NULL,
  UNIQUE (conversation, position),
  UNIQUE (conversation, id)
);

CREATE INDEX conversation_items_id ON conversation_items (id);
CREATE INDEX conversation_items_words ON conversation_items USING gin (words);

-- The conversation that a response writes to, and its place in the line there.
ALTER TABLE responses ADD COLUMN conversation bigint;
ALTER TABLE responses ADD COLUMN turn bigint;

CREATE INDEX responses_turns ON responses (conversation, turn)
  WHERE conversation IS NOT NULL AND completed_at IS NULL;
