-- What an invoice pays for, from the first day of service to the end of the last; null where it tells none.
-- Rows that were read before get theirs from the next complete comparison with the source.
ALTER TABLE invoices ADD COLUMN service_start_at BIGINT;
ALTER TABLE invoices ADD COLUMN service_end_at BIGINT;
CREATE INDEX invoices_service_end ON invoices (service_end_at);
