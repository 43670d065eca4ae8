-- Messages over a bus are signed with a token's hash and name it by the hash of that: found for every batch.
CREATE INDEX IF NOT EXISTS api_tokens_key_id ON api_tokens (sha256(hash)) WHERE role = 'observer';
