"""What the network tells of an institution's own instruments: their number, whether they are published, how they were evaluated."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the statements."""
    file = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in file.read_text("utf-8").split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
