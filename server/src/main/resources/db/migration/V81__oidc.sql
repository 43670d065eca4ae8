-- auth: people whom a provider of OpenID Connect vouches for ---------------------------------------------------------------

-- Sealed: the ID token that ends the session at the provider too; null for a session by password.
ALTER TABLE sessions ADD COLUMN provider text;

-- oidc: logins that came back from the provider, so that none comes back twice
CREATE TABLE oidc_returns (
    state bytea PRIMARY KEY, -- SHA-256 of the state that the login was begun with
    expires_at timestamptz NOT NULL -- when the login is too old to come back anyway
);
CREATE INDEX oidc_returns_expiry ON oidc_returns (expires_at);
