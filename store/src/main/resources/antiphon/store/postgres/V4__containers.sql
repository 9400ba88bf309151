-- What is known of containers; what is in them is on their node alone.
CREATE TABLE containers (
  tenant          text    COLLATE "C" NOT NULL,
  end_user        text    COLLATE "C" NOT NULL,
  id              text    COLLATE "C" NOT NULL,
  name            text    NOT NULL,
  node            text    NOT NULL,
  created_at      bigint  NOT NULL,
  last_active_at  bigint  NOT NULL,
  idle_minutes    integer NOT NULL,
  memory          bigint  NOT NULL,
  lease_until     bigint  NOT NULL,
  ended_at        bigint,
  ended_why       text,
  PRIMARY KEY (tenant, end_user, id)
);

CREATE INDEX containers_list ON containers (tenant, end_user, created_at, id);
CREATE INDEX containers_node ON containers (node) WHERE ended_at IS NULL;
CREATE INDEX containers_old ON containers (last_active_at);
