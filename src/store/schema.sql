-- The schema after all migrations, for reading. Regenerate: UPDATE_SCHEMA=1 npx vitest run tests/store/schema-dump.test.ts

CREATE TABLE alert_card_alerts (
  card_id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (alert_id, target)
);

CREATE INDEX alert_card_alerts_card ON alert_card_alerts (card_id);

CREATE TABLE alert_cards (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  -- Whom it is for: 'channel:finance' or 'dm:U123'.
  target TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT,
  -- What it shows: differs from what it should show while an update is due.
  rendered TEXT,
  -- 1 when everything on it is over and has been said to be.
  settled INTEGER NOT NULL,
  opened_at BIGINT NOT NULL,
  -- When the newest of its alerts happened.
  joined_at BIGINT NOT NULL
);

CREATE INDEX alert_cards_message ON alert_cards (channel_id, message_ts);

CREATE INDEX alert_cards_target ON alert_cards (target, kind, joined_at);

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  facts TEXT NOT NULL,
  amount_minor BIGINT,
  currency TEXT,
  count BIGINT NOT NULL,
  owner_id TEXT,
  owner_name TEXT,
  snoozed_until_at BIGINT,
  opened_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolution TEXT,
  revision BIGINT NOT NULL
);

CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject_kind, subject_id) WHERE state = 'open';

CREATE INDEX alerts_subject ON alerts (kind, subject_kind, subject_id, opened_at);

CREATE TABLE answers (
  turn_id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  user_id TEXT NOT NULL,
  mode TEXT NOT NULL,
  -- Query ids, as a JSON array.
  receipts TEXT NOT NULL,
  -- The whole answer, where it has pages; null where the message itself shows everything.
  answer TEXT,
  at BIGINT NOT NULL
);

CREATE INDEX answers_by_user ON answers (team_id, user_id, at);

CREATE TABLE approval_cards (
  approval_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  kind TEXT NOT NULL,
  rendered_revision INTEGER NOT NULL,
  PRIMARY KEY (channel_id, message_ts)
);

CREATE INDEX approval_cards_approval ON approval_cards (approval_id);

CREATE TABLE approval_nudges (
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (subject, kind, user_id)
);

CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  plan TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  subject_key TEXT NOT NULL,
  state TEXT NOT NULL,
  requester TEXT NOT NULL,
  requirement TEXT NOT NULL,
  decisions TEXT NOT NULL,
  policy_version TEXT NOT NULL,
  nonce TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  superseded_by TEXT,
  result TEXT,
  reason TEXT,
  effect_key TEXT,
  applying_until BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  decided_at BIGINT,
  settled_at BIGINT,
  revision INTEGER NOT NULL
, batch_id TEXT, batch_row INTEGER, paused_at BIGINT);

CREATE INDEX approvals_batch ON approvals (batch_id, batch_row);

CREATE INDEX approvals_state ON approvals (state, expires_at);

CREATE INDEX approvals_subject ON approvals (tool, subject_key, state);

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);

CREATE INDEX audit_subject ON audit (subject);

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

CREATE INDEX balance_transactions_created ON balance_transactions (created_at);

CREATE INDEX balance_transactions_source ON balance_transactions (source_id);

CREATE TABLE balances (
  currency TEXT PRIMARY KEY,
  -- Available and pending together; null while movements came faster than they could be read.
  amount_minor BIGINT,
  seen_at BIGINT NOT NULL
);

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

CREATE TABLE batch_cards (
  batch_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  kind TEXT NOT NULL,
  page INTEGER NOT NULL,
  rendered_revision INTEGER NOT NULL,
  PRIMARY KEY (channel_id, message_ts)
);

CREATE INDEX batch_cards_batch ON batch_cards (batch_id);

CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  batch_key TEXT NOT NULL,
  title TEXT NOT NULL,
  intro TEXT NOT NULL,
  tool TEXT NOT NULL,
  inputs TEXT NOT NULL,
  requester TEXT NOT NULL,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  refused TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  proposed_at BIGINT, row_tools TEXT,
  UNIQUE (team_id, batch_key)
);

CREATE TABLE billing_runs (
  id TEXT PRIMARY KEY,
  entity TEXT NOT NULL,
  -- "2026-10"
  month TEXT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  closed_at BIGINT, proved_by TEXT,
  UNIQUE (entity, month)
);

CREATE TABLE briefing_readers (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

CREATE TABLE briefings (
  key TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  tz TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  claimed_at BIGINT NOT NULL,
  late INTEGER NOT NULL,
  channels TEXT NOT NULL,
  content TEXT,
  as_of_at BIGINT,
  slack_state TEXT NOT NULL,
  slack_channel TEXT,
  slack_ts TEXT,
  email_state TEXT NOT NULL,
  email_message_id TEXT,
  home_state TEXT NOT NULL,
  note TEXT
);

CREATE INDEX briefings_person ON briefings (team_id, user_id, due_at);

CREATE UNIQUE INDEX briefings_slot ON briefings (team_id, user_id, due_at) WHERE kind = 'daily';

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

CREATE INDEX customers_signed_up ON customers (signed_up_at);

CREATE UNIQUE INDEX customers_stripe ON customers (stripe_customer_id);

CREATE INDEX customers_updated ON customers (updated_at);

CREATE TABLE deliveries (
  delivery_key TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL,
  message_ts TEXT,
  state TEXT NOT NULL,
  at BIGINT NOT NULL
);

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

CREATE TABLE effects (
  key TEXT PRIMARY KEY,
  approval_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  system TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  outside_id TEXT,
  result TEXT,
  amount_minor BIGINT,
  currency TEXT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  confirmed_at BIGINT
);

CREATE INDEX effects_approval ON effects (approval_id);

CREATE INDEX effects_state ON effects (state);

CREATE TABLE feedback (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_ts TEXT NOT NULL,
  user_id TEXT NOT NULL,
  rating TEXT NOT NULL,
  at BIGINT NOT NULL
, turn_id TEXT, role TEXT, reason TEXT, comment TEXT, question TEXT, calls TEXT, mode TEXT);

CREATE UNIQUE INDEX feedback_once ON feedback (team_id, channel_id, message_ts, user_id);

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

CREATE TABLE fx_rates (
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  rate TEXT NOT NULL,
  PRIMARY KEY (day, currency)
);

CREATE TRIGGER health_snapshots_stay BEFORE UPDATE ON health_snapshots
BEGIN
  SELECT RAISE(ABORT, 'snapshots of health are never changed');
END;

CREATE TABLE health_snapshots (
  customer_id TEXT NOT NULL,
  -- YYYY-MM-DD in the company's zone
  day TEXT NOT NULL,
  version TEXT NOT NULL,
  -- What was known at this instant.
  at BIGINT NOT NULL,
  -- Later than the night of that day where history was filled in.
  computed_at BIGINT NOT NULL,
  segment TEXT NOT NULL,
  score DOUBLE PRECISION,
  confidence DOUBLE PRECISION NOT NULL,
  -- critical | warning | stable | healthy; null without a score
  band TEXT,
  -- JSON by feature: value and points, null where it said nothing.
  features TEXT NOT NULL,
  PRIMARY KEY (customer_id, day, version)
);

CREATE INDEX health_snapshots_day ON health_snapshots (version, day);

CREATE TABLE home_readers (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

CREATE TABLE inbox (
  event_key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  done_at BIGINT
);

CREATE INDEX inbox_open ON inbox (done_at, received_at);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  severity TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  updated_at BIGINT NOT NULL
);

CREATE TABLE installations (
  team_id TEXT PRIMARY KEY,
  enterprise_id TEXT,
  team_name TEXT NOT NULL,
  bot_user_id TEXT NOT NULL,
  bot_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  bot_token TEXT NOT NULL,
  refresh_token TEXT,
  -- When the token stops working; null where tokens do not rotate.
  expires_at BIGINT,
  -- A refresh was begun and its outcome is not stored yet.
  refreshing_at BIGINT,
  -- Why the token can no longer be refreshed, in words for the doctor.
  problem TEXT,
  installed_by TEXT NOT NULL,
  installed_at BIGINT NOT NULL
);

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

CREATE TABLE invoice_payments (
  payment_intent_id TEXT PRIMARY KEY,
  invoice_id TEXT NOT NULL
);

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
, service_start_at BIGINT, service_end_at BIGINT, lines_total_minor BIGINT, balance_used_minor BIGINT);

CREATE INDEX invoices_customer ON invoices (customer_id, created_at);

CREATE INDEX invoices_finalized ON invoices (finalized_at);

CREATE INDEX invoices_paid ON invoices (paid_at);

CREATE INDEX invoices_service_end ON invoices (service_end_at);

CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

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

CREATE TRIGGER journal_lines_no_delete BEFORE DELETE ON journal_lines
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_lines_no_update BEFORE UPDATE ON journal_lines
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

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

CREATE INDEX lexicon_choices_by_user ON lexicon_choices (team_id, user_id, at);

CREATE UNIQUE INDEX lexicon_choices_once ON lexicon_choices (turn_id);

CREATE TABLE mail_suppressions (
  -- In lower case.
  address TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE migrations (name TEXT PRIMARY KEY);

CREATE TABLE model_usage (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  user_id TEXT,
  -- turn | briefing
  purpose TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  -- answered | fallback (the rules answered in the end)
  outcome TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  input_tokens BIGINT NOT NULL,
  -- Part of input_tokens.
  cached_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  -- Millionths of a US dollar; null where the model's price is unknown.
  cost_micros BIGINT,
  latency_ms BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX model_usage_at ON model_usage (at);

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
, card_fingerprint TEXT, card_details TEXT);

CREATE INDEX payments_created ON payments (created_at, status);

CREATE INDEX payments_customer ON payments (customer_id, created_at);

CREATE INDEX payments_intent ON payments (payment_intent_id);

CREATE INDEX payments_invoice ON payments (invoice_id);

CREATE INDEX payments_of_card ON payments (card_fingerprint) WHERE card_fingerprint IS NOT NULL;

CREATE TABLE performance_hourly (
  bucket_start_at BIGINT PRIMARY KEY,
  calls BIGINT NOT NULL,
  errors_4xx BIGINT NOT NULL,
  errors_5xx BIGINT NOT NULL,
  latency_counts TEXT NOT NULL
);

CREATE TABLE person_settings (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  briefing TEXT NOT NULL,
  delegate_id TEXT,
  away_until_at BIGINT,
  briefing_since_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  included_calls BIGINT,
  overage_prices TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE quality_results (
  source TEXT NOT NULL,
  check_name TEXT NOT NULL,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (source, check_name)
);

CREATE TABLE receipts (
  id TEXT PRIMARY KEY,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  receipt TEXT NOT NULL,
  readers TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE recovery_experiments (
  id TEXT PRIMARY KEY,
  registered_at BIGINT NOT NULL,
  registration TEXT NOT NULL
);

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

CREATE INDEX refunds_payment ON refunds (payment_id);

CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  -- dm (its owner's) | channel
  target TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  channel_name TEXT,
  words TEXT NOT NULL,
  -- JSON array of {tool, input, words}; periods in it are words, read anew at each run.
  calls TEXT NOT NULL,
  cron TEXT NOT NULL,
  timezone TEXT NOT NULL,
  -- The message it was made by: worked on again, it makes no second one.
  asked_by TEXT UNIQUE,
  created_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  paused_at BIGINT,
  ended_at BIGINT,
  -- Why it is not posted at present, and since when.
  trouble TEXT,
  trouble_at BIGINT
);

CREATE INDEX reports_live ON reports (ended_at, team_id, owner_id);

CREATE TABLE restriction_events (
  -- the key it was sent under
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  level TEXT NOT NULL
);

CREATE INDEX restriction_events_of_customer ON restriction_events (customer_id, at);

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
  issued_at BIGINT, unwound_at BIGINT, unwound_how TEXT,
  UNIQUE (entity, customer_id, start_at, purpose)
);

CREATE INDEX run_invoices_of_customer ON run_invoices (customer_id);

CREATE INDEX run_invoices_of_run ON run_invoices (run_id);

CREATE TABLE schedule_runs (
  schedule TEXT NOT NULL,
  subject TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  -- due | running | waiting (failed, tried again at next_attempt_at) | done | dead | skipped
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  -- The process that runs it, until lease_until; fence grows with each claim, and only its newest holder may write.
  holder TEXT,
  lease_until BIGINT,
  fence INTEGER NOT NULL,
  next_attempt_at BIGINT,
  started_at BIGINT,
  finished_at BIGINT,
  summary TEXT,
  error TEXT,
  reference_id TEXT,
  -- When people were told that it is dead.
  told_at BIGINT,
  PRIMARY KEY (schedule, subject, due_at)
);

CREATE INDEX schedule_runs_due ON schedule_runs (due_at);

CREATE INDEX schedule_runs_state ON schedule_runs (state, due_at);

CREATE TABLE schedule_subjects (
  schedule TEXT NOT NULL,
  subject TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  PRIMARY KEY (schedule, subject)
);

CREATE TABLE schema_drift (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  expected TEXT NOT NULL,
  got TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  resolved_at BIGINT,
  PRIMARY KEY (source, resource, field)
);

CREATE TABLE skill_runs (
  id TEXT PRIMARY KEY,
  run_key TEXT NOT NULL UNIQUE,
  skill TEXT NOT NULL,
  input TEXT NOT NULL,
  starter TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'parked', 'done', 'failed', 'stopped')),
  step TEXT,
  summary TEXT,
  reference_id TEXT,
  waits TEXT,
  wait_until BIGINT,
  look_at BIGINT,
  stopped_by TEXT,
  tells INTEGER NOT NULL DEFAULT 0,
  told_at BIGINT,
  owner TEXT,
  leased_until BIGINT,
  fence INTEGER NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  ended_at BIGINT
);

CREATE INDEX skill_runs_by_state ON skill_runs (state, started_at);

CREATE TABLE slack_users (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  tz TEXT NOT NULL,
  is_guest INTEGER NOT NULL,
  is_stranger INTEGER NOT NULL,
  is_bot INTEGER NOT NULL,
  groups TEXT NOT NULL,
  fetched_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

CREATE TABLE source_fields (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  is_new INTEGER NOT NULL,
  PRIMARY KEY (source, resource, field)
);

CREATE TABLE source_sweeps (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  tables TEXT NOT NULL,
  error TEXT
);

CREATE INDEX source_sweeps_latest ON source_sweeps (source, started_at);

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

CREATE INDEX subscription_versions_customer ON subscription_versions (customer_id);

CREATE INDEX subscription_versions_valid ON subscription_versions (valid_from, valid_to);

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

CREATE TABLE sync_cursors (
  source TEXT NOT NULL,
  resource TEXT NOT NULL,
  cursor TEXT,
  synced_at BIGINT,
  data_through_at BIGINT,
  error TEXT,
  error_at BIGINT,
  PRIMARY KEY (source, resource)
);

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
, csat_score INTEGER, csat_rated_at BIGINT);

CREATE INDEX tickets_customer ON tickets (customer_id);

CREATE INDEX tickets_opened ON tickets (opened_at, closed_at);

CREATE TABLE transcript (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  role TEXT NOT NULL,
  user_id TEXT,
  content TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX transcript_thread ON transcript (team_id, channel_id, thread_ts, at);

CREATE TABLE turn_outcomes (
  turn_id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  unhelpful INTEGER NOT NULL
);

CREATE INDEX turn_outcomes_at ON turn_outcomes (at);

CREATE TABLE usage_corrections (
  source_no INTEGER NOT NULL,
  corrected_id TEXT NOT NULL,
  by_id TEXT NOT NULL,
  original_hour INTEGER,
  PRIMARY KEY (source_no, corrected_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE usage_dead_letters (
  no INTEGER PRIMARY KEY,
  -- The same thing sent again is the same letter.
  digest TEXT NOT NULL UNIQUE,
  source TEXT,
  event_id TEXT,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  payload TEXT NOT NULL,
  times INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  -- open | taken | dropped
  state TEXT NOT NULL,
  settled_at INTEGER,
  settled_by TEXT
) STRICT;

CREATE INDEX usage_dead_letters_open ON usage_dead_letters (state, reason);

CREATE TABLE usage_dirty_periods (
  customer_id TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  -- re_rate | next_invoice_original_period | next_invoice_current_period
  treatment TEXT NOT NULL,
  events INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  -- When it was rated anew; null while that is to be done.
  settled_at INTEGER,
  PRIMARY KEY (customer_id, end_at, start_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_events (
  -- Hours since 1970 UTC.
  hour INTEGER NOT NULL,
  source_no INTEGER NOT NULL,
  id TEXT NOT NULL,
  customer_no INTEGER NOT NULL,
  meter_no INTEGER NOT NULL,
  group_no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  units INTEGER NOT NULL,
  scale INTEGER NOT NULL,
  -- JSON with sorted keys; '' for none.
  properties TEXT NOT NULL,
  -- The id of the event of the same source that it replaces, and of the one that replaces it: then it counts no more.
  corrects TEXT,
  replaced_by TEXT,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (hour, source_no, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_feeds (
  source TEXT PRIMARY KEY,
  cursor TEXT,
  through_at INTEGER,
  read_at INTEGER,
  error TEXT,
  error_at INTEGER
, since_at INTEGER) STRICT, WITHOUT ROWID;

CREATE TABLE usage_names (
  no INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE usage_periods (
  customer_id TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  -- rated (open still) | closed (invoiced)
  state TEXT NOT NULL,
  marked_at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, end_at, start_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_rollups (
  hour INTEGER NOT NULL,
  customer_no INTEGER NOT NULL,
  meter_no INTEGER NOT NULL,
  group_no INTEGER NOT NULL,
  scale INTEGER NOT NULL,
  count INTEGER NOT NULL,
  sum_units INTEGER NOT NULL,
  max_units INTEGER,
  last_at INTEGER,
  last_id TEXT,
  last_units INTEGER,
  -- Sum of units x milliseconds from each event to the end of its hour; 0 where the meter is not weighted by time.
  tail INTEGER NOT NULL,
  PRIMARY KEY (hour, customer_no, meter_no, group_no, scale)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  stored INTEGER NOT NULL
) STRICT;

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

CREATE INDEX webhook_events_open ON webhook_events (processed_at);
