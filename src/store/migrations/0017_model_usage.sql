-- What each turn asked of a language model: its tokens, what they cost, how long it took, under which prompts.
CREATE TABLE model_usage (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  user_id TEXT,
  -- turn | briefing
  purpose TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  -- answered | fallback (the rules answered in the end)
  outcome TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  input_tokens BIGINT NOT NULL,
  -- Part of input_tokens.
  cached_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  -- Millionths of a US dollar; null where the model's price is unknown.
  cost_micros BIGINT,
  latency_ms BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX model_usage_at ON model_usage (at);
