CREATE TABLE devices (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  lineage TEXT NOT NULL,
  tools TEXT,
  writes TEXT NOT NULL CHECK (writes IN ('deny', 'approve', 'ask', 'allow')),
  destructive TEXT NOT NULL CHECK (destructive IN ('deny', 'approve', 'ask', 'allow')),
  created_at TEXT NOT NULL,
  last_used_at TEXT
);

CREATE INDEX devices_by_user ON devices (user_id, created_at);

ALTER TABLE sessions ADD COLUMN device_id TEXT REFERENCES devices (id) ON DELETE CASCADE;
CREATE INDEX sessions_by_device ON sessions (device_id);

CREATE TABLE pairings (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL UNIQUE,
  via TEXT NOT NULL CHECK (via IN ('loopback', 'lan', 'proxy')),
  pin TEXT,
  name TEXT,
  tools TEXT,
  writes TEXT NOT NULL,
  destructive TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'claimed', 'numbered', 'confirmed', 'paired', 'denied', 'cancelled', 'replaced', 'burned')),
  tries INTEGER NOT NULL DEFAULT 0,
  claim_hash TEXT UNIQUE,
  device_name TEXT,
  own_nonce TEXT,
  number TEXT,
  device_id TEXT,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX pairings_by_expiry ON pairings (expires_at);
