"""Making a new ledger file: all tables, indexes and triggers in one go, stamped with the schema's revision."""

from __future__ import annotations

from pathlib import Path

from desktop.ledger.problem import Problem
from desktop.store import (
    fingerprint,
    schema,
    schema_cers,
    schema_evaluation,
    schema_evidence,
    schema_integrity,
    schema_management,
    schema_money,
    schema_national,
    schema_network,
    schema_pilot,
    schema_purchases,
    schema_sensor,
    schema_staff,
    schema_system,
    schema_transfer,
    schema_university,
    schema_voucher,
    triggers,
)
from desktop.store.columns import metadata
from desktop.store.connect import APPLICATION_ID, REVISION, raw

__all__ = [
    "REVISION",
    "create",
    "ddl",
    "schema",
    "schema_cers",
    "schema_evaluation",
    "schema_evidence",
    "schema_integrity",
    "schema_management",
    "schema_money",
    "schema_national",
    "schema_network",
    "schema_pilot",
    "schema_purchases",
    "schema_sensor",
    "schema_staff",
    "schema_system",
    "schema_transfer",
    "schema_university",
    "schema_voucher",
]


def ddl() -> list[str]:
    """Every statement that makes the schema, in order."""
    # Imported here: opening a ledger needs only the revision.
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = SQLiteDialect_pysqlite()
    tables = [str(CreateTable(t).compile(dialect=dialect)).strip() for t in metadata.sorted_tables]
    indexes = [
        str(CreateIndex(i).compile(dialect=dialect)).strip()
        for t in metadata.sorted_tables
        for i in sorted(t.indexes, key=lambda index: str(index.name))
    ]
    return [*tables, *indexes, *triggers.statements()]


def create(path: Path, key: bytes | None) -> None:
    """Make an empty ledger. Raises Problem when a file is there already: a ledger is never overwritten."""
    if path.exists():
        raise Problem("store.exists", path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = raw(path, key)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("BEGIN IMMEDIATE")
        statements = ddl()
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={fingerprint.of(statements)}")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT NOT NULL PRIMARY KEY) STRICT")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (REVISION,))
        connection.execute("COMMIT")
    finally:
        connection.close()
