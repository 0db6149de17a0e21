CREATE TABLE referred (
    institution_id VARCHAR(36) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    id VARCHAR(36) NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (institution_id, kind, id)
) WITHOUT ROWID
-----
INSERT INTO referred SELECT institution_id, target_kind, target_id, count(*) FROM link GROUP BY institution_id, target_kind, target_id
-----
CREATE TABLE link_new (
    institution_id VARCHAR(36) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    id VARCHAR(36) NOT NULL,
    field VARCHAR(40) NOT NULL,
    target_kind VARCHAR(40) NOT NULL,
    target_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (institution_id, kind, id, field)
) WITHOUT ROWID
-----
INSERT INTO link_new SELECT institution_id, kind, id, field, target_kind, target_id FROM link
-----
DROP TABLE link
-----
ALTER TABLE link_new RENAME TO link
-----
CREATE INDEX link_of_fee_schedule ON link (institution_id, target_id) WHERE kind = 'fee_schedule'
