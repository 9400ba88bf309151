-- Leave for calls of tools that a response has used up: each request for it is good for one.
CREATE TABLE approvals (
  tenant    text   COLLATE "C" NOT NULL,
  end_user  text   COLLATE "C" NOT NULL,
  id        text   COLLATE "C" NOT NULL,
  response  text   COLLATE "C" NOT NULL,
  taken_at  bigint NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
);

CREATE INDEX approvals_taken ON approvals (taken_at);
