-- What runs by the clock: one row a turn, so that each is run once whatever crashes.

CREATE TABLE schedule_runs (
  schedule TEXT NOT NULL,
  subject TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  -- due | running | waiting (failed, tried again at next_attempt_at) | done | dead | skipped
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  -- The process that runs it, until lease_until; fence grows with each claim, and only its newest holder may write.
  holder TEXT,
  lease_until BIGINT,
  fence INTEGER NOT NULL,
  next_attempt_at BIGINT,
  started_at BIGINT,
  finished_at BIGINT,
  summary TEXT,
  error TEXT,
  reference_id TEXT,
  -- When people were told that it is dead.
  told_at BIGINT,
  PRIMARY KEY (schedule, subject, due_at)
);
CREATE INDEX schedule_runs_state ON schedule_runs (state, due_at);
CREATE INDEX schedule_runs_due ON schedule_runs (due_at);

-- When a subject that names no beginning of its own was first met: nothing was due before.
CREATE TABLE schedule_subjects (
  schedule TEXT NOT NULL,
  subject TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  PRIMARY KEY (schedule, subject)
);
