-- Responses that are to be remembered once they have completed. Then they are files of their
-- owner's memory, which is the vector store with the id 'memory'.
CREATE TABLE memory_notes (
  tenant    TEXT    NOT NULL,
  end_user  TEXT    NOT NULL,
  id        TEXT    NOT NULL,
  noted_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_notes_age ON memory_notes (noted_at);
