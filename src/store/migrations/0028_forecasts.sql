-- Every forecast that was issued, month by month, and what came.
CREATE TABLE forecasts (
  id TEXT PRIMARY KEY,
  metric TEXT NOT NULL,
  -- The last month that was known: "2026-10"
  known_month TEXT NOT NULL,
  data_version TEXT NOT NULL,
  -- JSON: names
  models TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  UNIQUE (metric, known_month, data_version)
);

CREATE TABLE forecast_months (
  forecast_id TEXT NOT NULL REFERENCES forecasts (id),
  month TEXT NOT NULL,
  end_at BIGINT NOT NULL,
  months_ahead INTEGER NOT NULL,
  mean REAL NOT NULL,
  low80 REAL NOT NULL,
  high80 REAL NOT NULL,
  low95 REAL NOT NULL,
  high95 REAL NOT NULL,
  actual REAL,
  scored_at BIGINT,
  PRIMARY KEY (forecast_id, month)
);
CREATE INDEX forecast_months_due ON forecast_months (end_at) WHERE actual IS NULL;
