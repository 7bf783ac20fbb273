-- Recovery: every charge of a card in one ledger, what was done about each customer who owes, what was taken away.
-- The card a charge was made with, and as JSON its network, country, payment method and the codes of a decline.
ALTER TABLE payments ADD COLUMN card_fingerprint TEXT;
ALTER TABLE payments ADD COLUMN card_details TEXT;
CREATE INDEX payments_of_card ON payments (card_fingerprint) WHERE card_fingerprint IS NOT NULL;
-- JSON, the tool of each row, of a batch whose rows are not all of one.
ALTER TABLE batches ADD COLUMN row_tools TEXT;

-- Charges we made or refused to make ourselves; those of the provider stand in payments. Written before they are sent.
CREATE TABLE payment_attempts (
  -- the key it was sent under; of a refusal, a name of its own
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  network TEXT NOT NULL,
  country TEXT,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  customer_id TEXT NOT NULL,
  invoice_id TEXT NOT NULL,
  -- schedule | person
  made_by TEXT NOT NULL,
  -- pending | succeeded | declined | unsent | refused
  outcome TEXT NOT NULL,
  refused_because TEXT,
  charge_id TEXT,
  -- JSON, what the bank and the network said
  decline TEXT
);
CREATE INDEX payment_attempts_of_card ON payment_attempts (fingerprint, at);

-- One customer who owes after a failed payment, from then until nothing is owed.
CREATE TABLE dunning_states (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  segment TEXT NOT NULL,
  ladder TEXT NOT NULL,
  experiment_id TEXT,
  arm TEXT,
  closed_at BIGINT,
  -- paid | gone
  closed_because TEXT
);
CREATE UNIQUE INDEX dunning_states_open ON dunning_states (customer_id) WHERE closed_at IS NULL;

-- What was done and said; never changed.
CREATE TABLE dunning_events (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- step | rehearsal_shown | rehearsal_approved | paused | resumed | opted_out
  kind TEXT NOT NULL,
  step TEXT,
  until_at BIGINT,
  made_by TEXT NOT NULL
);
CREATE INDEX dunning_events_of_customer ON dunning_events (customer_id, at);

CREATE TABLE restriction_events (
  -- the key it was sent under
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  level TEXT NOT NULL
);
CREATE INDEX restriction_events_of_customer ON restriction_events (customer_id, at);

-- Comparisons of ladders as they were registered, before the first customer entered.
CREATE TABLE recovery_experiments (
  id TEXT PRIMARY KEY,
  registered_at BIGINT NOT NULL,
  registration TEXT NOT NULL
);
