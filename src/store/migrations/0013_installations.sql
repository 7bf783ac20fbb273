-- Workspaces that Psi was installed in. Tokens are sealed with PSI_SECRET_KEY; the store alone does not open them.
CREATE TABLE installations (
  team_id TEXT PRIMARY KEY,
  enterprise_id TEXT,
  team_name TEXT NOT NULL,
  bot_user_id TEXT NOT NULL,
  bot_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  bot_token TEXT NOT NULL,
  refresh_token TEXT,
  -- When the token stops working; null where tokens do not rotate.
  expires_at BIGINT,
  -- A refresh was begun and its outcome is not stored yet.
  refreshing_at BIGINT,
  -- Why the token can no longer be refreshed, in words for the doctor.
  problem TEXT,
  installed_by TEXT NOT NULL,
  installed_at BIGINT NOT NULL
);
