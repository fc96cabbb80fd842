CREATE TABLE vault_keys (
  id TEXT PRIMARY KEY,
  backend TEXT NOT NULL CHECK (backend IN ('environment', 'keychain', 'file')),
  is_current INTEGER NOT NULL,
  created_at TEXT NOT NULL
);

CREATE UNIQUE INDEX vault_keys_current ON vault_keys (is_current) WHERE is_current = 1;

CREATE TABLE vault (
  id TEXT PRIMARY KEY,
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  service TEXT NOT NULL,
  account TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES vault_keys (id),
  wrapped TEXT NOT NULL,
  sealed TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE UNIQUE INDEX vault_by_place ON vault (user_id, service, account) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX vault_by_own_place ON vault (service, account) WHERE user_id IS NULL;
CREATE INDEX vault_by_key ON vault (key_id);

CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  alias TEXT NOT NULL,
  subject TEXT,
  label TEXT,
  scopes TEXT NOT NULL,
  services TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  refreshed_at TEXT,
  expires_at TEXT,
  broken_at TEXT,
  broken_reason TEXT,
  UNIQUE (user_id, provider, alias)
);

CREATE TABLE login_flows (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  services TEXT NOT NULL,
  alias TEXT,
  scopes TEXT NOT NULL,
  mode TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  state_hash TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'exchanging', 'done', 'failed', 'cancelled')),
  failure TEXT,
  grant_id TEXT,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX login_flows_by_user ON login_flows (user_id, created_at);
CREATE INDEX login_flows_by_expiry ON login_flows (expires_at);

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until TEXT NOT NULL
);
