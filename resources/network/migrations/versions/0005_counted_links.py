"""How many links there are to a row is counted, not listed: the list, as long as all rows together, was written all over by each batch."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the statements."""
    file = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in file.read_text("utf-8").split("\n-----\n"):
        op.get_bind().exec_driver_sql(statement.strip())
