CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_type TEXT NOT NULL,
  lineage TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  last_activity TEXT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE used_logins (
  key TEXT PRIMARY KEY,
  expires_at TEXT NOT NULL
);

CREATE INDEX used_logins_by_expiry ON used_logins (expires_at);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tools TEXT,
  lineage TEXT NOT NULL,
  writes TEXT NOT NULL CHECK (writes IN ('deny', 'ask', 'approve', 'allow')),
  destructive TEXT NOT NULL CHECK (destructive IN ('deny', 'ask', 'approve', 'allow')),
  created_at TEXT NOT NULL,
  expires_at TEXT,
  last_used_at TEXT,
  UNIQUE (user_id, name)
);
