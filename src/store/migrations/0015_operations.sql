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

-- Questions from before they were counted, as far as their conversations are still remembered.
INSERT INTO turn_outcomes (turn_id, at, outcome, unhelpful)
SELECT a.turn_id, a.at,
  CASE WHEN json_array_length(a.content, '$.proposals') > 0 THEN 'proposed'
    WHEN json_array_length(a.content, '$.calls') > 0 THEN 'answered'
    WHEN json_array_length(a.content, '$.offers') > 0 THEN 'asked_back'
    ELSE 'told' END,
  EXISTS (SELECT 1 FROM feedback f WHERE f.turn_id = a.turn_id AND f.rating = 'negative')
FROM transcript a JOIN transcript u ON u.turn_id = a.turn_id AND u.role = 'user'
WHERE a.role = 'assistant' AND a.content <> '{}' AND json_valid(a.content);
