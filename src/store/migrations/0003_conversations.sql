-- What people said, what Psi did about it, and what has been seen and delivered.

-- Every event, action and command that reached us, once; a row without done_at after a restart is taken up again.
CREATE TABLE inbox (
  event_key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  done_at BIGINT
);
CREATE INDEX inbox_open ON inbox (done_at, received_at);

CREATE TABLE transcript (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  role TEXT NOT NULL,
  user_id TEXT,
  content TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX transcript_thread ON transcript (team_id, channel_id, thread_ts, at);

-- What each number was computed from; re-running tool with input gives it again.
CREATE TABLE receipts (
  id TEXT PRIMARY KEY,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  receipt TEXT NOT NULL,
  readers TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE slack_users (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  tz TEXT NOT NULL,
  is_guest INTEGER NOT NULL,
  is_stranger INTEGER NOT NULL,
  is_bot INTEGER NOT NULL,
  groups TEXT NOT NULL,
  fetched_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

-- One message of ours, keyed by why it was posted: the same reason never posts twice.
CREATE TABLE deliveries (
  delivery_key TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL,
  message_ts TEXT,
  state TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE feedback (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  user_id TEXT NOT NULL,
  rating TEXT NOT NULL,
  at BIGINT NOT NULL
);
