"""Files, anchors, packages, sensor sessions, device and service keys; text compared byte for byte; more kinds of facts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the statements; numbers too long for an index are from now on kept as their digest."""
    file = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in file.read_text("utf-8").split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
    shorten = text(
        "UPDATE unique_key SET value = :short WHERE institution_id = :institution AND kind = :kind AND field = :field AND value = :long"
    )
    for row in op.get_bind().execute(text("SELECT * FROM unique_key WHERE length(value) > 200")).all():
        short = f"sha256:{hashlib.sha256(row.value.encode()).hexdigest()}"
        named = {"institution": row.institution_id, "kind": row.kind, "field": row.field, "long": row.value}
        op.get_bind().execute(shorten, named | {"short": short})
