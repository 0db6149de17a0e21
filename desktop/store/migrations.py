"""Bringing an older ledger to this program's revision: plain SQL steps run by Alembic, after a checked copy was made.

Steps import nothing of the project. Alembic is imported only when the revision differs, so start-up does not pay for it.
"""

from __future__ import annotations

from pathlib import Path

from desktop import resource
from desktop.ledger.problem import Problem
from desktop.store import fingerprint
from desktop.store.connect import REVISION, raw


def known() -> list[str]:
    """The revisions this program can read, oldest first."""
    return sorted(path.name.partition("_")[0] for path in resource.path("migrations", "versions").glob("[0-9]*.py"))


def revision(path: Path, key: bytes | None) -> str:
    """The revision a ledger file carries."""
    connection = raw(path, key)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else ""


def upgrade(path: Path, key: bytes | None, *, to: str = REVISION) -> None:
    """Run the missing steps in one transaction; a newer or unknown file is refused. The caller has made the copy."""
    found = revision(path, key) if path.exists() else ""
    if found and found not in known():
        raise Problem("store.other_revision", found=found, known=REVISION)
    if found == to:
        return
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool
    from sqlcipher3 import dbapi2

    config = Config()
    config.set_main_option("script_location", str(resource.path("migrations")))
    script = ScriptDirectory.from_config(config)
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: raw(path, key), poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    try:
        with engine.connect() as connection, connection.begin():
            context = MigrationContext.configure(
                connection, opts={"fn": lambda rev, _: script._upgrade_revs(to, rev), "transactional_ddl": True}
            )
            with Operations.context(context):
                context.run_migrations()
            if to == REVISION:
                connection.exec_driver_sql(f"PRAGMA user_version={fingerprint.SCHEMA}")
    finally:
        engine.dispose()
