-- Of the customer's credit, what an invoice used up. Rows that were read before get theirs from the next complete
-- comparison with the source.
ALTER TABLE invoices ADD COLUMN balance_used_minor BIGINT;

-- The journal: one entry a fact, under a key made of the fact. It only grows; what was wrong is corrected by another.
CREATE TABLE journal_entries (
  key TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  words TEXT NOT NULL,
  customer_id TEXT,
  invoice_id TEXT,
  -- Stripe's balance transaction that moved the money.
  balance_transaction_id TEXT,
  -- Everything that must never change, as one text.
  content TEXT NOT NULL,
  posted_at BIGINT NOT NULL
);
CREATE INDEX journal_entries_at ON journal_entries (at);
CREATE INDEX journal_entries_movement ON journal_entries (balance_transaction_id);

CREATE TABLE journal_lines (
  entry_key TEXT NOT NULL REFERENCES journal_entries (key),
  line INTEGER NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- Debits above 0, credits below.
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (entry_key, line)
);
CREATE INDEX journal_lines_at ON journal_lines (at);

-- A bank statement, line by line, as it was imported.
CREATE TABLE bank_lines (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- What came in; below 0 went out.
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  reference TEXT NOT NULL,
  payer TEXT,
  -- What makes two lines one: the bank's own id, or everything the line says and its place among its equals.
  digest TEXT NOT NULL UNIQUE,
  file TEXT NOT NULL,
  imported_at BIGINT NOT NULL
);
CREATE INDEX bank_lines_at ON bank_lines (at);

-- What a person said a bank line pays, a row an invoice.
CREATE TABLE payment_matches (
  line_id TEXT NOT NULL REFERENCES bank_lines (id),
  invoice_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  -- exact | bundled | fee_deducted | fx | partial | overpaid
  kind TEXT NOT NULL,
  -- Of the invoice, in its currency.
  allocated_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  -- Of the line, in the bank's currency.
  received_minor BIGINT NOT NULL,
  received_currency TEXT NOT NULL,
  -- Of the line, for no invoice; on its first row.
  surplus_minor BIGINT NOT NULL,
  matched_at BIGINT NOT NULL,
  PRIMARY KEY (line_id, invoice_id)
);
CREATE INDEX payment_matches_invoice ON payment_matches (invoice_id);

CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_lines_no_update BEFORE UPDATE ON journal_lines
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_lines_no_delete BEFORE DELETE ON journal_lines
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
