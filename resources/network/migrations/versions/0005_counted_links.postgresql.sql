CREATE TABLE referred (
    institution_id VARCHAR(36) COLLATE "C" NOT NULL,
    kind VARCHAR(40) COLLATE "C" NOT NULL,
    id VARCHAR(36) COLLATE "C" NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (institution_id, kind, id)
)
-----
INSERT INTO referred SELECT institution_id, target_kind, target_id, count(*) FROM link GROUP BY institution_id, target_kind, target_id
-----
DROP INDEX link_by_target
-----
CREATE INDEX link_of_fee_schedule ON link (institution_id, target_id) WHERE kind = 'fee_schedule'
