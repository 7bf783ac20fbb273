-- Many proposals on one card: what was to be proposed, so that a crash in the middle can be continued.
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  batch_key TEXT NOT NULL,
  title TEXT NOT NULL,
  intro TEXT NOT NULL,
  tool TEXT NOT NULL,
  inputs TEXT NOT NULL,
  requester TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  refused TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  proposed_at BIGINT,
  UNIQUE (team_id, batch_key)
);

ALTER TABLE approvals ADD COLUMN batch_id TEXT;
ALTER TABLE approvals ADD COLUMN batch_row INTEGER;
-- When the policy stopped everything; a card of a stopped proposal has no buttons.
ALTER TABLE approvals ADD COLUMN paused_at BIGINT;
CREATE INDEX approvals_batch ON approvals (batch_id, batch_row);

-- Each copy of a batch's card, with the page it is turned to.
CREATE TABLE batch_cards (
  batch_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  kind TEXT NOT NULL,
  page INTEGER NOT NULL,
  rendered_revision INTEGER NOT NULL,
  PRIMARY KEY (channel_id, message_ts)
);
CREATE INDEX batch_cards_batch ON batch_cards (batch_id);

-- Who was reminded of what: each person once a kind, at an hour of their own.
CREATE TABLE approval_nudges (
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (subject, kind, user_id)
);
ALTER TABLE approvals DROP COLUMN reminded_at;
ALTER TABLE approvals DROP COLUMN escalated_at;

-- Whose App Home has been looked at and has to stay true.
CREATE TABLE home_readers (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);
