CREATE TABLE clients (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('registered', 'document')),
  name TEXT NOT NULL,
  redirect_uris TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE INDEX clients_by_age ON clients (created_at);

CREATE TABLE client_requests (
  hash TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  client_name TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  state TEXT,
  challenge TEXT NOT NULL,
  issuer TEXT NOT NULL,
  resource TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'allowed', 'denied', 'done')),
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  lineage TEXT NOT NULL,
  tools TEXT,
  read_only INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX client_requests_by_expiry ON client_requests (expires_at);

CREATE TABLE client_logins (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  client_name TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  resource TEXT NOT NULL,
  lineage TEXT NOT NULL,
  tools TEXT,
  read_only INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  last_used_at TEXT
);

CREATE INDEX client_logins_by_user ON client_logins (user_id, created_at);
CREATE INDEX client_logins_by_client ON client_logins (client_id);

CREATE TABLE client_codes (
  hash TEXT PRIMARY KEY,
  login_id TEXT NOT NULL REFERENCES client_logins (id) ON DELETE CASCADE,
  challenge TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT
);

CREATE INDEX client_codes_by_login ON client_codes (login_id);

CREATE TABLE client_tokens (
  hash TEXT PRIMARY KEY,
  login_id TEXT NOT NULL REFERENCES client_logins (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
  expires_at TEXT NOT NULL,
  used_at TEXT
);

CREATE INDEX client_tokens_by_login ON client_tokens (login_id);

CREATE TABLE connect_tickets (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  service TEXT NOT NULL,
  caller TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
