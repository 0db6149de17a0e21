DROP INDEX link_by_target
-----
CREATE INDEX link_by_target ON link (institution_id, target_kind, target_id, kind)
