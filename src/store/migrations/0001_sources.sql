-- Facts brought in from outside. Instants are epoch milliseconds UTC; money is integer minor units
-- (ISO 4217 exponent) of the row's own currency; booleans are 0/1; JSON is text.

CREATE TABLE sync_cursors (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  cursor TEXT,
  synced_at BIGINT,
  data_through_at BIGINT,
  row_count BIGINT NOT NULL DEFAULT 0,
  error TEXT,
  error_at BIGINT,
  PRIMARY KEY (source, resource)
);

CREATE TABLE webhook_events (
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  event_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  processed_at BIGINT,
  error TEXT,
  payload TEXT NOT NULL,
  PRIMARY KEY (source, event_id)
);

CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  domain TEXT NOT NULL,
  email TEXT NOT NULL,
  country TEXT NOT NULL,
  region TEXT NOT NULL,
  currency TEXT NOT NULL,
  segment TEXT NOT NULL,
  channel TEXT NOT NULL,
  owner_email TEXT,
  stripe_customer_id TEXT,
  signed_up_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customers_stripe ON customers (stripe_customer_id);
CREATE INDEX customers_signed_up ON customers (signed_up_at);

CREATE TABLE user_profiles (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  email TEXT NOT NULL,
  full_name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  updated_at BIGINT NOT NULL
);
CREATE INDEX user_profiles_customer ON user_profiles (customer_id);

-- Every state a subscription has been in (Supabase subscription_data): the history that MRR is computed from.
CREATE TABLE subscription_versions (
  subscription_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  customer_id TEXT NOT NULL,
  plan TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  unit_amount_minor BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  interval TEXT NOT NULL,
  interval_count INTEGER NOT NULL,
  discount_percent TEXT,
  discount_amount_minor BIGINT,
  discount_duration TEXT,
  cancel_at BIGINT,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (subscription_id, version)
);
CREATE INDEX subscription_versions_valid ON subscription_versions (valid_from, valid_to);
CREATE INDEX subscription_versions_customer ON subscription_versions (customer_id);

-- The subscription as Stripe has it now.
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  plan TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  unit_amount_minor BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  interval TEXT NOT NULL,
  interval_count INTEGER NOT NULL,
  started_at BIGINT NOT NULL,
  current_period_start_at BIGINT NOT NULL,
  current_period_end_at BIGINT NOT NULL,
  trial_end_at BIGINT,
  cancel_at_period_end INTEGER NOT NULL,
  cancel_at BIGINT,
  canceled_at BIGINT,
  ended_at BIGINT,
  seen_at BIGINT NOT NULL
);
CREATE INDEX subscriptions_customer ON subscriptions (customer_id);

CREATE TABLE invoices (
  id TEXT PRIMARY KEY,
  number TEXT,
  customer_id TEXT NOT NULL,
  subscription_id TEXT,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  subtotal_minor BIGINT NOT NULL,
  tax_minor BIGINT NOT NULL,
  total_minor BIGINT NOT NULL,
  amount_due_minor BIGINT NOT NULL,
  amount_paid_minor BIGINT NOT NULL,
  amount_remaining_minor BIGINT NOT NULL,
  attempt_count INTEGER NOT NULL,
  hosted_url TEXT,
  created_at BIGINT NOT NULL,
  finalized_at BIGINT,
  due_at BIGINT,
  paid_at BIGINT,
  voided_at BIGINT,
  uncollectible_at BIGINT,
  seen_at BIGINT NOT NULL
);
CREATE INDEX invoices_customer ON invoices (customer_id, created_at);
CREATE INDEX invoices_paid ON invoices (paid_at);
CREATE INDEX invoices_finalized ON invoices (finalized_at);

-- Stripe charges: every attempt to be paid, failed ones too.
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  payment_intent_id TEXT,
  invoice_id TEXT,
  customer_id TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  amount_refunded_minor BIGINT NOT NULL,
  decline_code TEXT,
  method TEXT,
  disputed INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX payments_customer ON payments (customer_id, created_at);
CREATE INDEX payments_created ON payments (created_at, status);

CREATE TABLE refunds (
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  reason TEXT,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX refunds_created ON refunds (created_at);

CREATE TABLE credit_notes (
  id TEXT PRIMARY KEY,
  invoice_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX credit_notes_created ON credit_notes (created_at);

CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL,
  priority TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  first_response_at BIGINT,
  closed_at BIGINT,
  updated_at BIGINT NOT NULL
);
CREATE INDEX tickets_opened ON tickets (opened_at, closed_at);
CREATE INDEX tickets_customer ON tickets (customer_id);

-- One row a customer, company day and API category; today's row grows until the day ends.
CREATE TABLE usage_daily (
  customer_id TEXT NOT NULL,
  bucket_start_at BIGINT NOT NULL,
  category TEXT NOT NULL,
  calls BIGINT NOT NULL,
  errors_4xx BIGINT NOT NULL,
  errors_5xx BIGINT NOT NULL,
  PRIMARY KEY (bucket_start_at, customer_id, category)
);
CREATE INDEX usage_daily_customer ON usage_daily (customer_id, bucket_start_at);

-- One row a UTC hour for the whole platform; latency_counts is a JSON array, one count a latency bucket.
CREATE TABLE performance_hourly (
  bucket_start_at BIGINT PRIMARY KEY,
  calls BIGINT NOT NULL,
  errors_4xx BIGINT NOT NULL,
  errors_5xx BIGINT NOT NULL,
  latency_counts TEXT NOT NULL
);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  severity TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  updated_at BIGINT NOT NULL
);

-- How many minor-unit-free units of the company's currency one unit of `currency` buys on `day` (YYYY-MM-DD, company days).
CREATE TABLE fx_rates (
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  rate TEXT NOT NULL,
  PRIMARY KEY (day, currency)
);
