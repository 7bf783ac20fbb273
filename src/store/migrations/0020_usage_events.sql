-- What customers used, event by event, and by the hour. Numbers stand for the names of sources, customers, meters and
-- groups; an amount is `units` x 10^-`scale`, so that nothing is ever rounded.
CREATE TABLE usage_names (
  no INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- An event is named by (source, id). The hour it fell in comes first, so that new rows are written near each other and
-- an event that comes again with the same time meets itself here.
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

-- One row an hour, customer, meter, group and scale, written in the transaction that writes its events. The hour comes
-- first here too: a batch then changes a few neighbouring pages instead of one a customer.
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

-- Which event replaces which; original_hour is null while the one replaced has not come.
CREATE TABLE usage_corrections (
  source_no INTEGER NOT NULL,
  corrected_id TEXT NOT NULL,
  by_id TEXT NOT NULL,
  original_hour INTEGER,
  PRIMARY KEY (source_no, corrected_id)
) STRICT, WITHOUT ROWID;

-- Billing periods that have been rated: what comes for them later makes them dirty.
CREATE TABLE usage_periods (
  customer_id TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  -- rated (open still) | closed (invoiced)
  state TEXT NOT NULL,
  marked_at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, end_at, start_at)
) STRICT, WITHOUT ROWID;

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

-- What was not taken, with the reason, until a person has mended it.
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

-- How far each feed of events has been read; moved in the transaction that stores what was read.
CREATE TABLE usage_feeds (
  source TEXT PRIMARY KEY,
  cursor TEXT,
  through_at INTEGER,
  read_at INTEGER,
  error TEXT,
  error_at INTEGER
) STRICT, WITHOUT ROWID;

-- How many events have ever been stored: tells a process whether another has written since it looked.
CREATE TABLE usage_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  stored INTEGER NOT NULL
) STRICT;
INSERT INTO usage_state VALUES (1, 0);
