-- What an invoice's own lines, discounts and taxes come to. Rows that were read before get theirs from the next
-- complete comparison with the source.
ALTER TABLE invoices ADD COLUMN lines_total_minor BIGINT;

-- The movements of Stripe's balance: held against payments and refunds, never answered from.
CREATE TABLE balance_transactions (
  id TEXT PRIMARY KEY,
  -- The charge, refund, dispute or payout behind it.
  source_id TEXT,
  -- Stripe's reporting category: charge, refund, dispute, payout ...
  category TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- The currency is not the one the customer paid in.
  converted INTEGER NOT NULL,
  amount_minor BIGINT NOT NULL,
  fee_minor BIGINT NOT NULL,
  net_minor BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX balance_transactions_source ON balance_transactions (source_id);
CREATE INDEX balance_transactions_created ON balance_transactions (created_at);

CREATE TABLE balances (
  currency TEXT PRIMARY KEY,
  -- Available and pending together; null while movements came faster than they could be read.
  amount_minor BIGINT,
  seen_at BIGINT NOT NULL
);
