CREATE TABLE users (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
  profile TEXT NOT NULL DEFAULT '{}',
  created_at TEXT NOT NULL
);

CREATE TABLE tool_configs (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_id TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  custom_settings TEXT NOT NULL,
  PRIMARY KEY (user_id, tool_id)
);

CREATE TABLE usage (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_id TEXT NOT NULL,
  action TEXT NOT NULL,
  provider TEXT NOT NULL,
  code TEXT NOT NULL,
  hour TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (user_id, hour, tool_id, action, provider, code, bucket)
);

CREATE TABLE answer_cache (
  key TEXT PRIMARY KEY,
  answer TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX answer_cache_by_expiry ON answer_cache (expires_at);
