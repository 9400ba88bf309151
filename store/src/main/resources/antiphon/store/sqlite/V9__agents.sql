-- Calls that have begun responses of their own, under the Idempotency-Key 'agent:' and the item.
CREATE TABLE agent_calls (
  tenant    TEXT    NOT NULL,
  end_user  TEXT    NOT NULL,
  item      TEXT    NOT NULL,
  parent    TEXT    NOT NULL,
  begun_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant, end_user, item)
) STRICT, WITHOUT ROWID;
