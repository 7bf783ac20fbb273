-- What people picked where their words could be read in more than one way: proposals for the lexicon, never applied
-- by themselves. Customers and periods stand as blanks.
CREATE TABLE lexicon_choices (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  -- Who picked, in which turn, and the turn whose words were not understood: forgotten with either.
  user_id TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  asked_turn_id TEXT NOT NULL,
  phrase TEXT NOT NULL,
  -- Words of the phrase that no tool and no metric knows, as a JSON array.
  unread TEXT NOT NULL,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lexicon_choices_once ON lexicon_choices (turn_id);
CREATE INDEX lexicon_choices_by_user ON lexicon_choices (team_id, user_id, at);
