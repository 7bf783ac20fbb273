-- What needs a look, and the Slack messages that say so. Instants are epoch milliseconds UTC; JSON is text.

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  facts TEXT NOT NULL,
  amount_minor BIGINT,
  currency TEXT,
  count BIGINT NOT NULL,
  owner_id TEXT,
  owner_name TEXT,
  snoozed_until_at BIGINT,
  opened_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolution TEXT,
  revision BIGINT NOT NULL
);
-- One open alert a kind and subject, whatever happens at once.
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject_kind, subject_id) WHERE state = 'open';
CREATE INDEX alerts_subject ON alerts (kind, subject_kind, subject_id, opened_at);

-- One Slack message: a card of one alert, or of several of a kind.
CREATE TABLE alert_cards (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  -- Whom it is for: 'channel:finance' or 'dm:U123'.
  target TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT,
  -- What it shows: differs from what it should show while an update is due.
  rendered TEXT,
  -- 1 when everything on it is over and has been said to be.
  settled INTEGER NOT NULL,
  opened_at BIGINT NOT NULL,
  -- When the newest of its alerts happened.
  joined_at BIGINT NOT NULL
);
CREATE INDEX alert_cards_target ON alert_cards (target, kind, joined_at);
CREATE INDEX alert_cards_message ON alert_cards (channel_id, message_ts);

CREATE TABLE alert_card_alerts (
  card_id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (alert_id, target)
);
CREATE INDEX alert_card_alerts_card ON alert_card_alerts (card_id);
