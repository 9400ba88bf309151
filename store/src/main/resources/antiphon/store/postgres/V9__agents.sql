-- Calls that have begun responses of their own, under the Idempotency-Key 'agent:' and the item.
CREATE TABLE agent_calls (
  tenant    text COLLATE "C" NOT NULL,
  end_user  text COLLATE "C" NOT NULL,
  item      text COLLATE "C" NOT NULL,
  parent    text COLLATE "C" NOT NULL,
  begun_at  bigint NOT NULL,
  PRIMARY KEY (tenant, end_user, item)
);
