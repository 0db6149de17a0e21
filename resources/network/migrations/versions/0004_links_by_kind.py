"""What refers to a row is found by its kind too: an instrument has few fee versions among its many records."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the statements."""
    file = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in file.read_text("utf-8").split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
