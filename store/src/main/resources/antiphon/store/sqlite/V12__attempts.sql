-- The field's names; no release has the old ones.
-- attempts counts the runs whose process was taken for dead; last_attempt is the epoch of the last of them.
ALTER TABLE responses RENAME COLUMN deaths TO attempts;
ALTER TABLE responses RENAME COLUMN last_death TO last_attempt;
