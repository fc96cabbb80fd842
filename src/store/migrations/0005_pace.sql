CREATE TABLE pace (
  key TEXT PRIMARY KEY,
  taken_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL
);

CREATE TABLE provider_health (
  provider TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  open_until TEXT,
  last_success_at TEXT,
  last_failure_at TEXT,
  last_code TEXT,
  last_reason TEXT
);
