-- What people wish to see again and again, made in conversation and run by the schedule "reports".
CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  -- dm (its owner's) | channel
  target TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  channel_name TEXT,
  words TEXT NOT NULL,
  -- JSON array of {tool, input, words}; periods in it are words, read anew at each run.
  calls TEXT NOT NULL,
  cron TEXT NOT NULL,
  timezone TEXT NOT NULL,
  -- The message it was made by: worked on again, it makes no second one.
  asked_by TEXT UNIQUE,
  created_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  paused_at BIGINT,
  ended_at BIGINT,
  -- Why it is not posted at present, and since when.
  trouble TEXT,
  trouble_at BIGINT
);
CREATE INDEX reports_live ON reports (ended_at, team_id, owner_id);
