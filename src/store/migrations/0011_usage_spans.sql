-- The hours of usage, summed over days and months, so that statistics of a long time read few rows.
CREATE TABLE usage_spans (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  unit TEXT NOT NULL,
  span TEXT NOT NULL,
  tool_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  code TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (user_id, unit, span, tool_id, provider, code, bucket)
);
INSERT INTO usage_spans (user_id, unit, span, tool_id, provider, code, bucket, calls)
  SELECT user_id, 'day', substr(hour, 1, 10), tool_id, provider, code, bucket, SUM(calls) FROM usage
  GROUP BY user_id, substr(hour, 1, 10), tool_id, provider, code, bucket;
INSERT INTO usage_spans (user_id, unit, span, tool_id, provider, code, bucket, calls)
  SELECT user_id, 'month', substr(hour, 1, 7), tool_id, provider, code, bucket, SUM(calls) FROM usage
  GROUP BY user_id, substr(hour, 1, 7), tool_id, provider, code, bucket;
