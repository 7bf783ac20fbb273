-- What a month's sums were proved by (JSON), as they were last computed twice.
ALTER TABLE billing_runs ADD COLUMN proved_by TEXT;

-- An invoice that was taken back keeps its row and number, under the purpose "unwound:<its id>": the month may have
-- another one then.
ALTER TABLE run_invoices ADD COLUMN unwound_at BIGINT;
-- deleted | voided | credited
ALTER TABLE run_invoices ADD COLUMN unwound_how TEXT;

-- All events published from this instant on have been asked for; null where a reading from before this was kept.
ALTER TABLE usage_feeds ADD COLUMN since_at INTEGER;
