"""The ledger's tables by name, declared when first asked for: a ledger opens and shows its lists without them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from desktop.store.columns import metadata


def tables() -> Mapping[str, Table]:
    """Every table of the schema."""
    from desktop.store import (  # noqa: F401 - importing them declares the tables
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
    )

    return metadata.tables


def primary_key(table: Table) -> str:
    """The one key column of a journalled table."""
    (column,) = table.primary_key.columns
    return str(column.name)


def image(table: Table, row: str) -> str:
    """SQL for a row's canonical image: a JSON array of all columns in order; its SHA-256 is the row's digest."""
    return f"json_array({', '.join(f'{row}.{c.name}' for c in table.columns)})"
