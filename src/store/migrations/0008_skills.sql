-- A run of a skill: who started it, where it is, and which process works on it. Its steps' results are in the
-- checkpoints, in a file of their own.
CREATE TABLE skill_runs (
  id TEXT PRIMARY KEY,
  run_key TEXT NOT NULL UNIQUE,
  skill TEXT NOT NULL,
  input TEXT NOT NULL,
  starter TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'parked', 'done', 'failed', 'stopped')),
  step TEXT,
  summary TEXT,
  reference_id TEXT,
  waits TEXT,
  wait_until BIGINT,
  look_at BIGINT,
  stopped_by TEXT,
  tells INTEGER NOT NULL DEFAULT 0,
  told_at BIGINT,
  owner TEXT,
  leased_until BIGINT,
  fence INTEGER NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX skill_runs_by_state ON skill_runs (state, started_at);
