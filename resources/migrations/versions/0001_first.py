"""The first schema: all tables, indexes and triggers, as plain SQL beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the statements of 0001_first.sql, which are separated by lines of dashes."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    for statement in text.split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
