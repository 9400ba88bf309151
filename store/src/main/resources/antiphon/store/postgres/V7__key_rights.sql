-- What a key allows: its scopes with a space between them, none for all; and the first tier it may ask for.
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN max_tier TEXT NOT NULL DEFAULT 'priority';
