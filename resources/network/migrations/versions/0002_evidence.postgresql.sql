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
    institution_id VARCHAR(36) COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    ledger_id VARCHAR(36) COLLATE "C" NOT NULL,
    device_id VARCHAR(36) COLLATE "C" NOT NULL,
    head VARCHAR(64) COLLATE "C" NOT NULL,
    n_operations BIGINT NOT NULL,
    text_sha256 VARCHAR(64) COLLATE "C" NOT NULL,
    receipt BYTEA NOT NULL,
    PRIMARY KEY (institution_id, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE INDEX anchor_by_ledger ON anchor (institution_id, ledger_id, number)
-----
CREATE TABLE blob (
    institution_id VARCHAR(36) COLLATE "C" NOT NULL,
    sha256 VARCHAR(64) COLLATE "C" NOT NULL,
    n_bytes INTEGER NOT NULL,
    n_part_bytes INTEGER NOT NULL,
    media_type VARCHAR(100),
    declared_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (institution_id, sha256),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE blob_part (
    institution_id VARCHAR(36) COLLATE "C" NOT NULL,
    sha256 VARCHAR(64) COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (institution_id, sha256, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE sensor_session (
    institution_id VARCHAR(36) COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    id VARCHAR(36) COLLATE "C" NOT NULL,
    instrument_id VARCHAR(36) COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (institution_id, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE INDEX sensor_session_by_instrument ON sensor_session (institution_id, instrument_id, number)
-----
CREATE UNIQUE INDEX sensor_session_once ON sensor_session (institution_id, id)
-----
CREATE TABLE package (
    device_id VARCHAR(36) COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    digest VARCHAR(64) COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    answer BYTEA NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (device_id, number),
    FOREIGN KEY(device_id) REFERENCES device (id) ON DELETE RESTRICT
)
-----
ALTER TABLE device ADD COLUMN public_key VARCHAR(44)
-----
DROP TRIGGER posting_immutable_update ON entity
-----
DROP TRIGGER posting_immutable_delete ON entity
-----
ALTER TABLE catalogue
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE codebook
    ALTER COLUMN name TYPE VARCHAR(64) COLLATE "C"
-----
ALTER TABLE institution
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE link
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN kind TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN field TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN target_kind TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN target_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE unique_key
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN kind TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN field TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE batch
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN key TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN digest TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN device_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE device
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE enrolment_code
    ALTER COLUMN digest TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN device_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE entity
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN kind TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN token TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN body_sha256 TYPE VARCHAR(64) COLLATE "C"
-----
ALTER TABLE feed
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN kind TYPE VARCHAR(40) COLLATE "C",
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN token TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN parent TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN op_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN op_digest TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN device_id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE notice
    ALTER COLUMN institution_id TYPE VARCHAR(36) COLLATE "C",
    ALTER COLUMN id TYPE VARCHAR(36) COLLATE "C"
-----
ALTER TABLE token
    ALTER COLUMN digest TYPE VARCHAR(64) COLLATE "C",
    ALTER COLUMN device_id TYPE VARCHAR(36) COLLATE "C"
-----
CREATE TRIGGER facts_immutable_update BEFORE UPDATE ON entity FOR EACH ROW WHEN (OLD.kind IN ('posting', 'receipt', 'payout_line', 'payout_share', 'payout_cost', 'month_event')) EXECUTE FUNCTION append_only()
-----
CREATE TRIGGER facts_immutable_delete BEFORE DELETE ON entity FOR EACH ROW WHEN (OLD.kind IN ('posting', 'receipt', 'payout_line', 'payout_share', 'payout_cost', 'month_event')) EXECUTE FUNCTION append_only()
-----
CREATE TRIGGER anchor_append_only_update BEFORE UPDATE ON anchor FOR EACH ROW EXECUTE FUNCTION append_only()
-----
CREATE TRIGGER anchor_append_only_delete BEFORE DELETE ON anchor FOR EACH ROW EXECUTE FUNCTION append_only()
