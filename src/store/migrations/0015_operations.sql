-- How customers rated what support did for them.
ALTER TABLE tickets ADD COLUMN csat_score INTEGER;
ALTER TABLE tickets ADD COLUMN csat_rated_at BIGINT;

-- What each plan includes a company month; overage_prices is JSON, minor units by currency for a thousand calls more.
CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  included_calls BIGINT,
  overage_prices TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- What came of each question a person asked, without its words: it stays when the conversation is forgotten.
CREATE TABLE turn_outcomes (
  turn_id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  unhelpful INTEGER NOT NULL
);
CREATE INDEX turn_outcomes_at ON turn_outcomes (at);
