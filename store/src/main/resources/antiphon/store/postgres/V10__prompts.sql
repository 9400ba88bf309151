-- Prompts, and their versions, which never change.
CREATE TABLE prompts (
  tenant          text COLLATE "C" NOT NULL,
  end_user        text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  name            text NOT NULL,
  description     text,
  metadata        bytea NOT NULL,
  active_version  integer NOT NULL,
  latest_version  integer NOT NULL,
  created_at      bigint NOT NULL,
  updated_at      bigint NOT NULL,
  PRIMARY KEY (tenant, end_user, id)
);

CREATE INDEX prompts_list ON prompts (tenant, end_user, created_at, id);

CREATE TABLE prompt_versions (
  tenant      text COLLATE "C" NOT NULL,
  end_user    text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  version     integer NOT NULL,
  template    text NOT NULL,
  created_at  bigint NOT NULL,
  PRIMARY KEY (tenant, end_user, id, version)
);
