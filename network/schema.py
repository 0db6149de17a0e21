"""The tables, in one place. They are made by the steps of ``resources/network/migrations``; a test compares the two.

The feed, facts and anchors are append-only: the database itself refuses anything else. Positions of a feed are 63-bit, the epoch
(seconds) in the upper bits: those of a restored service start above any older one.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
)

metadata = MetaData()


def _text(length: int) -> String:
    """Text that is compared byte for byte on every engine, whatever language the server sorts by."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


UUID = _text(36)
NAME = _text(40)
HASH = _text(64)
MOMENT = String(32)
_FEES = literal_column("kind") == literal_column("'fee_schedule'")


def _own(*, key: bool = True) -> Column[str]:
    return Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), primary_key=key, nullable=False)


service = Table("service", metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False))

service_key = Table(
    "service_key",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("public_key", String(44), nullable=False),
    Column("private_key", String(44), nullable=False),
    Column("from_at", MOMENT, nullable=False),
    Column("to_at", MOMENT),
)

institution = Table(
    "institution",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("uscc", String(18), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", UUID, primary_key=True),
    _own(key=False),
    Column("name", Text, nullable=False),
    Column("public_key", String(44)),
    Column("enrolled_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("digest", HASH, primary_key=True),
    _own(key=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("device_id", UUID),
)

token = Table(
    "token",
    metadata,
    Column("digest", HASH, primary_key=True),
    Column("use", String(8), nullable=False),
    Column("device_id", UUID, ForeignKey("device.id", ondelete="RESTRICT"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("spent_at", BigInteger),
    Column("parent", HASH),
    Column("succeeded_at", BigInteger),
)

entity = Table(
    "entity",
    metadata,
    _own(),
    Column("kind", NAME, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("token", HASH, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", LargeBinary),
    Column("body_sha256", HASH),
    Column("position", BigInteger, nullable=False),
    Index("entity_by_position", "institution_id", "position", unique=True),
    Index("entity_by_kind", "kind", "id"),
)

feed = Table(
    "feed",
    metadata,
    _own(),
    Column("position", BigInteger, primary_key=True),
    Column("kind", NAME, nullable=False),
    Column("id", UUID, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("token", HASH, nullable=False),
    Column("parent", HASH),
    Column("action", String(8), nullable=False),
    Column("op_id", UUID, nullable=False),
    Column("op_digest", HASH, nullable=False),
    Column("body", LargeBinary),
    Column("device_id", UUID),
    Column("epoch", BigInteger, nullable=False),
    Column("recovered", Boolean, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Index("feed_by_operation", "institution_id", "op_id", unique=True),
)

unique_key = Table(
    "unique_key",
    metadata,
    Column("institution_id", UUID, primary_key=True),
    Column("kind", NAME, primary_key=True),
    Column("field", NAME, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("id", UUID, nullable=False),
    Index("unique_key_by_entity", "institution_id", "kind", "id"),
)

link = Table(
    "link",
    metadata,
    Column("institution_id", UUID, primary_key=True),
    Column("kind", NAME, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("field", NAME, primary_key=True),
    Column("target_kind", NAME, nullable=False),
    Column("target_id", UUID, nullable=False),
    # Of all that refers to an instrument its fee versions alone are looked for.
    Index("link_of_fee_schedule", "institution_id", "target_id", sqlite_where=_FEES, postgresql_where=_FEES),
    sqlite_with_rowid=False,
)

# How many links there are to a row: what is referred to is not deleted. An index of all links by their targets would be as long
# as all rows together, and each batch would write all over it.
referred = Table(
    "referred",
    metadata,
    Column("institution_id", UUID, primary_key=True),
    Column("kind", NAME, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

batch = Table(
    "batch",
    metadata,
    _own(),
    Column("key", UUID, primary_key=True),
    Column("digest", HASH, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Column("device_id", UUID, nullable=False),
    Column("received_at", MOMENT, nullable=False),
)

blob = Table(
    "blob",
    metadata,
    _own(),
    Column("sha256", HASH, primary_key=True),
    Column("n_bytes", Integer, nullable=False),
    Column("n_part_bytes", Integer, nullable=False),
    Column("media_type", String(100)),
    Column("declared_at", MOMENT, nullable=False),
)

blob_part = Table(
    "blob_part",
    metadata,
    _own(),
    Column("sha256", HASH, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

anchor = Table(
    "anchor",
    metadata,
    _own(),
    Column("number", BigInteger, primary_key=True),
    Column("ledger_id", UUID, nullable=False),
    Column("device_id", UUID, nullable=False),
    Column("head", HASH, nullable=False),
    Column("n_operations", BigInteger, nullable=False),
    Column("text_sha256", HASH, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Index("anchor_by_ledger", "institution_id", "ledger_id", "number"),
)

package = Table(
    "package",
    metadata,
    Column("device_id", UUID, ForeignKey("device.id", ondelete="RESTRICT"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", HASH, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("received_at", MOMENT, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    _own(),
    Column("number", Integer, primary_key=True),
    Column("id", UUID, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    _own(),
    Column("instrument_id", UUID, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("network_number", HASH, unique=True),
    Column("body", LargeBinary, nullable=False),
    Index("publication_by_number", "institution_id", "number", unique=True),
)

sensor_session = Table(
    "sensor_session",
    metadata,
    _own(),
    Column("number", BigInteger, primary_key=True),
    Column("id", UUID, nullable=False),
    Column("instrument_id", UUID, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("sensor_session_once", "institution_id", "id", unique=True),
    Index("sensor_session_by_instrument", "institution_id", "instrument_id", "number"),
)

codebook = Table(
    "codebook",
    metadata,
    Column("name", HASH, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("institution_id", UUID),
    Column("institution_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
