"""The tables, in one place. The feed and the postings are append-only: the database itself refuses anything else.

Positions of a feed are 63-bit, the epoch (seconds) in the upper bits: those of a restored service start above any older one.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
)

metadata = MetaData()

UUID = String(36)
HASH = String(64)
MOMENT = String(32)

service = Table("service", metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False))

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
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), nullable=False),
    Column("name", Text, nullable=False),
    Column("enrolled_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("digest", HASH, primary_key=True),
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), nullable=False),
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
)

entity = Table(
    "entity",
    metadata,
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("token", String(64), nullable=False),
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
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("id", UUID, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("token", String(64), nullable=False),
    Column("parent", String(64)),
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
    Column("kind", String(40), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("id", UUID, nullable=False),
    Index("unique_key_by_entity", "institution_id", "kind", "id"),
)

link = Table(
    "link",
    metadata,
    Column("institution_id", UUID, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("target_kind", String(40), nullable=False),
    Column("target_id", UUID, nullable=False),
    Index("link_by_target", "institution_id", "target_kind", "target_id"),
)

batch = Table(
    "batch",
    metadata,
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), primary_key=True),
    Column("key", UUID, primary_key=True),
    Column("digest", HASH, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Column("device_id", UUID, nullable=False),
    Column("received_at", MOMENT, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("institution_id", UUID, ForeignKey("institution.id", ondelete="RESTRICT"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", UUID, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
)

codebook = Table(
    "codebook",
    metadata,
    Column("name", String(64), primary_key=True),
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

_APPEND_ONLY = (
    ("feed_append_only_update", "UPDATE ON feed", ""),
    ("feed_append_only_delete", "DELETE ON feed", ""),
    ("posting_immutable_update", "UPDATE ON entity", "OLD.kind = 'posting'"),
    ("posting_immutable_delete", "DELETE ON entity", "OLD.kind = 'posting'"),
)


def _append_only() -> None:
    function = DDL(  # type: ignore[no-untyped-call]  # the library leaves its constructor untyped
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''append-only''; END'"
    )
    event.listen(metadata, "after_create", function.execute_if(dialect="postgresql"))
    for name, what, when in _APPEND_ONLY:
        sqlite = (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {what}{' WHEN ' + when if when else ''} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
        postgresql = (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {what} FOR EACH ROW"
            f"{f' WHEN ({when})' if when else ''} EXECUTE FUNCTION append_only()"
        )
        for dialect, statement in (("sqlite", sqlite), ("postgresql", postgresql)):
            trigger = DDL(statement)  # type: ignore[no-untyped-call]  # the library leaves its constructor untyped
            event.listen(metadata, "after_create", trigger.execute_if(dialect=dialect))


_append_only()


def create(engine: Engine) -> None:
    """Create what is missing. Existing tables are left alone."""
    metadata.create_all(engine)
