-- How every customer stood on a company day, by one version of the features and weights: written once, never changed.
CREATE TABLE health_snapshots (
  customer_id TEXT NOT NULL,
  -- YYYY-MM-DD in the company's zone
  day TEXT NOT NULL,
  version TEXT NOT NULL,
  -- What was known at this instant.
  at BIGINT NOT NULL,
  -- Later than the night of that day where history was filled in.
  computed_at BIGINT NOT NULL,
  segment TEXT NOT NULL,
  score DOUBLE PRECISION,
  confidence DOUBLE PRECISION NOT NULL,
  -- critical | warning | stable | healthy; null without a score
  band TEXT,
  -- JSON by feature: value and points, null where it said nothing.
  features TEXT NOT NULL,
  PRIMARY KEY (customer_id, day, version)
);
CREATE INDEX health_snapshots_day ON health_snapshots (version, day);

CREATE TRIGGER health_snapshots_stay BEFORE UPDATE ON health_snapshots
BEGIN
  SELECT RAISE(ABORT, 'snapshots of health are never changed');
END;
