-- The ledgers: what was proposed, who decided, what went out, and an append-only trail of all of it.

CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  plan TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  subject_key TEXT NOT NULL,
  state TEXT NOT NULL,
  requester TEXT NOT NULL,
  requirement TEXT NOT NULL,
  decisions TEXT NOT NULL,
  policy_version TEXT NOT NULL,
  nonce TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  superseded_by TEXT,
  result TEXT,
  reason TEXT,
  effect_key TEXT,
  applying_until BIGINT,
  reminded_at BIGINT,
  escalated_at BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  decided_at BIGINT,
  settled_at BIGINT,
  revision INTEGER NOT NULL
);
CREATE INDEX approvals_state ON approvals (state, expires_at);
CREATE INDEX approvals_subject ON approvals (tool, subject_key, state);

-- Where each approval's card was posted, so that every copy can be re-rendered when the row changes.
CREATE TABLE approval_cards (
  approval_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  kind TEXT NOT NULL,
  rendered_revision INTEGER NOT NULL,
  PRIMARY KEY (channel_id, message_ts)
);
CREATE INDEX approval_cards_approval ON approval_cards (approval_id);

CREATE TABLE effects (
  key TEXT PRIMARY KEY,
  approval_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  system TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  outside_id TEXT,
  result TEXT,
  amount_minor BIGINT,
  currency TEXT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  confirmed_at BIGINT
);
CREATE INDEX effects_approval ON effects (approval_id);
CREATE INDEX effects_state ON effects (state);

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject);
