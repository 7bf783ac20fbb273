-- Invoices on their way to customers. Each goes out under the ledger step that let it be queued.
CREATE TABLE invoice_deliveries (
  id TEXT PRIMARY KEY,
  -- The step of the effect ledger it was queued by.
  key TEXT NOT NULL UNIQUE,
  invoice_id TEXT NOT NULL,
  stripe_invoice_id TEXT NOT NULL,
  number TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  -- email | api | slack
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  -- queued | sending | sent | delivered | bounced | unknown | failed | held | cancelled; while it is `sending`, what the
  -- ledger says of `effect_key` holds.
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  -- The ledger step of the last attempt; mail carries it, so that what comes back can be told apart.
  effect_key TEXT UNIQUE,
  outside_id TEXT,
  sent_at BIGINT,
  settled_at BIGINT,
  reason TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX invoice_deliveries_due ON invoice_deliveries (state, due_at);
CREATE INDEX invoice_deliveries_of_invoice ON invoice_deliveries (stripe_invoice_id);

-- Addresses that mail came back from for good. Removed when somebody mends the address.
CREATE TABLE mail_suppressions (
  -- In lower case.
  address TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);
