CREATE TABLE publication (
    institution_id VARCHAR(36) NOT NULL,
    instrument_id VARCHAR(36) NOT NULL,
    number BIGINT NOT NULL,
    network_number VARCHAR(64),
    body BLOB NOT NULL,
    PRIMARY KEY (institution_id, instrument_id),
    UNIQUE (network_number),
    FOREIGN KEY(institution_id) REFERENCES institution (id) ON DELETE RESTRICT
)
-----
CREATE UNIQUE INDEX publication_by_number ON publication (institution_id, number)
