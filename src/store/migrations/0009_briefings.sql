-- What people have chosen for themselves; a person without a row has the defaults of their roles.
CREATE TABLE person_settings (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  briefing TEXT NOT NULL,
  delegate_id TEXT,
  away_until_at BIGINT,
  briefing_since_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

-- Since when a reader is owed briefings who never chose. Those met at the first start of a store are owed the
-- newest one that was due; those who join later begin with their next.
CREATE TABLE briefing_readers (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

-- One row a briefing. `kind` is daily (a slot of the schedule) or asked (made by hand, uses up no day).
-- Each channel has a state of its own: none, sending, sent, failed, unknown (a mail whose answer was lost).
CREATE TABLE briefings (
  key TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  tz TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  claimed_at BIGINT NOT NULL,
  late INTEGER NOT NULL,
  channels TEXT NOT NULL,
  content TEXT,
  as_of_at BIGINT,
  slack_state TEXT NOT NULL,
  slack_channel TEXT,
  slack_ts TEXT,
  email_state TEXT NOT NULL,
  email_message_id TEXT,
  home_state TEXT NOT NULL,
  note TEXT
);

CREATE INDEX briefings_person ON briefings (team_id, user_id, due_at);

CREATE UNIQUE INDEX briefings_slot ON briefings (team_id, user_id, due_at) WHERE kind = 'daily';
