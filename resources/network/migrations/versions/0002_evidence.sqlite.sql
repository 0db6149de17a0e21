CREATE TABLE service_key (
    key_id VARCHAR(16) NOT NULL,
    public_key VARCHAR(44) NOT NULL,
    private_key VARCHAR(44) NOT NULL,
    from_at VARCHAR(32) NOT NULL,
    to_at VARCHAR(32),
    PRIMARY KEY (key_id)
)
-----
CREATE TABLE anchor (
    institution_id VARCHAR(36) NOT NULL,
    number BIGINT NOT NULL,
    ledger_id VARCHAR(36) NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    head VARCHAR(64) NOT NULL,
    n_operations BIGINT NOT NULL,
    text_sha256 VARCHAR(64) NOT NULL,
    receipt BLOB NOT NULL,
    PRIMARY KEY (institution_id, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE INDEX anchor_by_ledger ON anchor (institution_id, ledger_id, number)
-----
CREATE TABLE blob (
    institution_id VARCHAR(36) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    n_bytes INTEGER NOT NULL,
    n_part_bytes INTEGER NOT NULL,
    media_type VARCHAR(100),
    declared_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (institution_id, sha256),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE blob_part (
    institution_id VARCHAR(36) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (institution_id, sha256, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE sensor_session (
    institution_id VARCHAR(36) NOT NULL,
    number BIGINT NOT NULL,
    id VARCHAR(36) NOT NULL,
    instrument_id VARCHAR(36) NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (institution_id, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE INDEX sensor_session_by_instrument ON sensor_session (institution_id, instrument_id, number)
-----
CREATE UNIQUE INDEX sensor_session_once ON sensor_session (institution_id, id)
-----
CREATE TABLE package (
    device_id VARCHAR(36) NOT NULL,
    number INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    epoch BIGINT NOT NULL,
    answer BLOB NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (device_id, number),
    FOREIGN KEY(device_id) REFERENCES device (id) ON DELETE RESTRICT
)
-----
ALTER TABLE device ADD COLUMN public_key VARCHAR(44)
-----
DROP TRIGGER posting_immutable_update
-----
DROP TRIGGER posting_immutable_delete
-----
CREATE TRIGGER facts_immutable_update BEFORE UPDATE ON entity WHEN OLD.kind IN ('posting', 'receipt', 'payout_line', 'payout_share', 'payout_cost', 'month_event') BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER facts_immutable_delete BEFORE DELETE ON entity WHEN OLD.kind IN ('posting', 'receipt', 'payout_line', 'payout_share', 'payout_cost', 'month_event') BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER anchor_append_only_update BEFORE UPDATE ON anchor BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER anchor_append_only_delete BEFORE DELETE ON anchor BEGIN SELECT RAISE(ABORT, 'append-only'); END
