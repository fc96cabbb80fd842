ALTER TABLE users ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN tools_allow TEXT NOT NULL DEFAULT '[]';
ALTER TABLE users ADD COLUMN tools_deny TEXT NOT NULL DEFAULT '[]';

CREATE TABLE policy_rules (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  entrance TEXT NOT NULL,
  effect TEXT NOT NULL,
  tool_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('deny', 'approve', 'ask', 'allow')),
  PRIMARY KEY (user_id, entrance, effect, tool_id, credential_id)
);

CREATE TABLE confirmations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_id TEXT NOT NULL,
  action TEXT NOT NULL,
  parameters TEXT NOT NULL,
  digest TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX confirmations_by_expiry ON confirmations (expires_at);

CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_id TEXT NOT NULL,
  action TEXT NOT NULL,
  parameters TEXT NOT NULL,
  digest TEXT NOT NULL,
  prompt TEXT NOT NULL,
  caller TEXT NOT NULL,
  account TEXT,
  idempotency_key TEXT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'done', 'denied', 'failed')),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  settled_at TEXT,
  settled_by TEXT,
  outcome TEXT
);

CREATE INDEX approvals_by_user ON approvals (user_id, created_at);
CREATE INDEX approvals_by_expiry ON approvals (expires_at);

CREATE TABLE idempotency (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  outcome TEXT,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE quota_hits (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_id TEXT NOT NULL,
  at INTEGER NOT NULL
);

CREATE INDEX quota_hits_by_tool ON quota_hits (user_id, tool_id, at);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  at TEXT NOT NULL
);

CREATE INDEX events_by_time ON events (at);

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  user_id TEXT,
  subject_id TEXT,
  kind TEXT,
  tool_id TEXT,
  code TEXT,
  at TEXT,
  payload TEXT,
  payload_digest TEXT NOT NULL,
  digest TEXT NOT NULL
);

CREATE INDEX audit_by_user ON audit (user_id, seq);
CREATE INDEX audit_by_tool ON audit (user_id, tool_id, seq);
CREATE INDEX audit_by_kind ON audit (user_id, kind, seq);
CREATE INDEX audit_by_code ON audit (user_id, code, seq);

CREATE INDEX audit_by_subject ON audit (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at);

CREATE INDEX audit_by_tool_code ON audit (user_id, tool_id, code, seq);
CREATE INDEX audit_by_tool_kind ON audit (user_id, tool_id, kind, seq);
CREATE INDEX audit_by_kind_code ON audit (user_id, kind, code, seq);

CREATE TABLE audit_anchor (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  digest TEXT NOT NULL
);
