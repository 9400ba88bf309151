-- Leave for calls of tools that a response has used up: each request for it is good for one.
CREATE TABLE approvals (
  tenant    TEXT    NOT NULL,
  end_user  TEXT    NOT NULL,
  id        TEXT    NOT NULL,
  response  TEXT    NOT NULL,
  taken_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX approvals_taken ON approvals (taken_at);
