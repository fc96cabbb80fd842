CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  service TEXT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  contact TEXT NOT NULL,
  contact_name TEXT,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  kind TEXT NOT NULL,
  text TEXT,
  reply_to TEXT,
  at INTEGER NOT NULL,
  UNIQUE (user_id, service, id)
);

CREATE INDEX messages_by_time ON messages (user_id, service, account, at, seq);
CREATE INDEX messages_by_contact ON messages (user_id, service, account, contact, at, seq);

CREATE TABLE message_statuses (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  service TEXT NOT NULL,
  message_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('accepted', 'sent', 'delivered', 'read', 'failed')),
  rank INTEGER NOT NULL,
  failure TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, service, message_id)
);
