-- The trace that a response was made in, as its request said it; null if it said none.
ALTER TABLE responses ADD COLUMN traceparent TEXT;
