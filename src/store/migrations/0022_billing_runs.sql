-- The close of a month: one run an entity and month, one invoice a customer, month and purpose.
CREATE TABLE billing_runs (
  id TEXT PRIMARY KEY,
  entity TEXT NOT NULL,
  -- "2026-10"
  month TEXT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  closed_at BIGINT,
  UNIQUE (entity, month)
);

CREATE TABLE run_invoices (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES billing_runs (id),
  entity TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  start_at BIGINT NOT NULL,
  -- overage
  purpose TEXT NOT NULL,
  -- draft | blocked | issued
  state TEXT NOT NULL,
  currency TEXT NOT NULL,
  subtotal_minor BIGINT NOT NULL,
  tax_minor BIGINT NOT NULL,
  total_minor BIGINT NOT NULL,
  -- JSON: what it was calculated from, the second computation, sentences of what stands out and of what is wrong.
  basis TEXT NOT NULL,
  proof TEXT NOT NULL,
  flags TEXT NOT NULL,
  problems TEXT NOT NULL,
  stripe_invoice_id TEXT UNIQUE,
  document TEXT,
  pdf_path TEXT,
  issued_at BIGINT,
  UNIQUE (entity, customer_id, start_at, purpose)
);
CREATE INDEX run_invoices_of_run ON run_invoices (run_id);
CREATE INDEX run_invoices_of_customer ON run_invoices (customer_id);

-- Numbers are given once and never taken back.
CREATE TABLE invoice_numbers (
  number TEXT PRIMARY KEY,
  entity TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_sequence BIGINT NOT NULL,
  run_invoice_id TEXT NOT NULL UNIQUE REFERENCES run_invoices (id),
  given_at BIGINT NOT NULL,
  UNIQUE (entity, sequence)
);
