CREATE TABLE saved_places (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  label TEXT,
  address TEXT,
  latitude REAL,
  longitude REAL,
  url TEXT,
  note TEXT,
  source TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  UNIQUE (user_id, label)
);

CREATE INDEX saved_places_by_name ON saved_places (user_id, name);
