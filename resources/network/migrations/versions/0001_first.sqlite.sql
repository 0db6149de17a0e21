CREATE TABLE catalogue (
    id VARCHAR(36) NOT NULL,
    institution_id VARCHAR(36),
    institution_name TEXT NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (id)
)
-----
CREATE TABLE codebook (
    name VARCHAR(64) NOT NULL,
    version VARCHAR(64) NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (name)
)
-----
CREATE TABLE institution (
    id VARCHAR(36) NOT NULL,
    uscc VARCHAR(18) NOT NULL,
    name TEXT NOT NULL,
    frozen BOOLEAN NOT NULL,
    head BIGINT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (uscc)
)
-----
CREATE TABLE link (
    institution_id VARCHAR(36) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    id VARCHAR(36) NOT NULL,
    field VARCHAR(40) NOT NULL,
    target_kind VARCHAR(40) NOT NULL,
    target_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (institution_id, kind, id, field)
)
-----
CREATE INDEX link_by_target ON link (institution_id, target_kind, target_id)
-----
CREATE TABLE service (
    name VARCHAR(32) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
)
-----
CREATE TABLE unique_key (
    institution_id VARCHAR(36) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    field VARCHAR(40) NOT NULL,
    value TEXT NOT NULL,
    id VARCHAR(36) NOT NULL,
    PRIMARY KEY (institution_id, kind, field, value)
)
-----
CREATE INDEX unique_key_by_entity ON unique_key (institution_id, kind, id)
-----
CREATE TABLE batch (
    institution_id VARCHAR(36) NOT NULL,
    "key" VARCHAR(36) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    receipt BLOB NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (institution_id, "key"),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE device (
    id VARCHAR(36) NOT NULL,
    institution_id VARCHAR(36) NOT NULL,
    name TEXT NOT NULL,
    enrolled_at VARCHAR(32) NOT NULL,
    revoked_at VARCHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE enrolment_code (
    digest VARCHAR(64) NOT NULL,
    institution_id VARCHAR(36) NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    device_id VARCHAR(36),
    PRIMARY KEY (digest),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE TABLE entity (
    institution_id VARCHAR(36) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    id VARCHAR(36) NOT NULL,
    revision INTEGER NOT NULL,
    token VARCHAR(64) NOT NULL,
    deleted BOOLEAN NOT NULL,
    body BLOB,
    body_sha256 VARCHAR(64),
    position BIGINT NOT NULL,
    PRIMARY KEY (institution_id, kind, id),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE INDEX entity_by_kind ON entity (kind, id)
-----
CREATE UNIQUE INDEX entity_by_position ON entity (institution_id, position)
-----
CREATE TABLE feed (
    institution_id VARCHAR(36) NOT NULL,
    position BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    id VARCHAR(36) NOT NULL,
    revision INTEGER NOT NULL,
    token VARCHAR(64) NOT NULL,
    parent VARCHAR(64),
    action VARCHAR(8) NOT NULL,
    op_id VARCHAR(36) NOT NULL,
    op_digest VARCHAR(64) NOT NULL,
    body BLOB,
    device_id VARCHAR(36),
    epoch BIGINT NOT NULL,
    recovered BOOLEAN NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (institution_id, position),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE UNIQUE INDEX feed_by_operation ON feed (institution_id, op_id)
-----
CREATE TABLE notice (
    institution_id VARCHAR(36) NOT NULL,
    number INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (institution_id, number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT,
    UNIQUE (id)
)
-----
CREATE TABLE token (
    digest VARCHAR(64) NOT NULL,
    use VARCHAR(8) NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    PRIMARY KEY (digest),
    FOREIGN KEY(device_id) REFERENCES device (id) ON DELETE RESTRICT
)
-----
CREATE INDEX ix_token_device_id ON token (device_id)
-----
CREATE TRIGGER feed_append_only_update BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER feed_append_only_delete BEFORE DELETE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER posting_immutable_update BEFORE UPDATE ON entity WHEN OLD.kind = 'posting' BEGIN SELECT RAISE(ABORT, 'append-only'); END
-----
CREATE TRIGGER posting_immutable_delete BEFORE DELETE ON entity WHEN OLD.kind = 'posting' BEGIN SELECT RAISE(ABORT, 'append-only'); END
