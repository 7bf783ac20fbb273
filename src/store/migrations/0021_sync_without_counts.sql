ALTER TABLE sync_cursors DROP COLUMN row_count;
