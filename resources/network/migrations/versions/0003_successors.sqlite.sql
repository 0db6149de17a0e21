ALTER TABLE token ADD COLUMN parent VARCHAR(64)
-----
ALTER TABLE token ADD COLUMN succeeded_at BIGINT
-----
UPDATE token SET succeeded_at = spent_at WHERE spent_at IS NOT NULL
