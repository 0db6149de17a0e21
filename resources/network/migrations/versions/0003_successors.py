"""Tokens know the one they were given for, and that one knows when the first of them was used."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the statements. Nothing is known of successors given before: a token spent then counts as succeeded, as it did."""
    file = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in file.read_text("utf-8").split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
