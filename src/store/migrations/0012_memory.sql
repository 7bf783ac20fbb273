-- Answers as they were given: for the pages of long ones, and so that a thread is forgotten with all it left.
CREATE TABLE answers (
  turn_id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  user_id TEXT NOT NULL,
  mode TEXT NOT NULL,
  -- Query ids, as a JSON array.
  receipts TEXT NOT NULL,
  -- The whole answer, where it has pages; null where the message itself shows everything.
  answer TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX answers_by_user ON answers (team_id, user_id, at);

ALTER TABLE feedback ADD COLUMN turn_id TEXT;
ALTER TABLE feedback ADD COLUMN role TEXT;
ALTER TABLE feedback ADD COLUMN reason TEXT;
ALTER TABLE feedback ADD COLUMN comment TEXT;
ALTER TABLE feedback ADD COLUMN question TEXT;
ALTER TABLE feedback ADD COLUMN calls TEXT;
ALTER TABLE feedback ADD COLUMN mode TEXT;

-- One opinion a person and message: the newest.
DELETE FROM feedback WHERE EXISTS (
  SELECT 1 FROM feedback AS newer
  WHERE newer.team_id = feedback.team_id AND newer.channel_id = feedback.channel_id
    AND newer.message_ts = feedback.message_ts AND newer.user_id = feedback.user_id
    AND (newer.at > feedback.at OR (newer.at = feedback.at AND newer.id > feedback.id))
);
CREATE UNIQUE INDEX feedback_once ON feedback (team_id, channel_id, message_ts, user_id);
