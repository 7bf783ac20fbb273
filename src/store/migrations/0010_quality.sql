-- Complete comparisons of a source with the store. `tables` is JSON: [{table, compared, missing, stale, surplus}].
CREATE TABLE source_sweeps (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  tables TEXT NOT NULL,
  error TEXT
);
CREATE INDEX source_sweeps_latest ON source_sweeps (source, started_at);

-- The latest result of each check; since_at is when it entered its state.
CREATE TABLE quality_results (
  source TEXT NOT NULL,
  check_name TEXT NOT NULL,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (source, check_name)
);

-- Fields that came otherwise than agreed. The last good version of each row is kept meanwhile.
CREATE TABLE schema_drift (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  expected TEXT NOT NULL,
  got TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  resolved_at BIGINT,
  PRIMARY KEY (source, resource, field)
);

-- The fields a source's rows have been seen with, so that a new one can be noted, once.
CREATE TABLE source_fields (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  is_new INTEGER NOT NULL,
  PRIMARY KEY (source, resource, field)
);
