-- Responses that are to be remembered once they have completed. Then they are files of their
-- owner's memory, which is the vector store with the id 'memory'.
CREATE TABLE memory_notes (
  tenant    text COLLATE "C" NOT NULL,
  end_user  text COLLATE "C" NOT NULL,
  id        text COLLATE "C" NOT NULL,
  noted_at  bigint NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
);

CREATE INDEX memory_notes_age ON memory_notes (noted_at);
