"""Bringing a database to this program's revision, in one transaction, before anything is served.

Alembic is imported only when the revision differs. A database of a newer program is refused.
"""

from __future__ import annotations

from importlib import resources

from sqlalchemy import Connection, Engine, inspect, text

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
_LOCK = 0x79787A6C


class OtherRevision(Exception):
    """The database belongs to a newer program; the text names the revision."""


def revision(connection: Connection) -> str:
    """The revision of the tables: "" for an empty database; "0001" for tables made before revisions were kept."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")
    return REVISIONS[0] if "service" in names else ""


def bring_up(engine: Engine, *, to: str = REVISIONS[-1]) -> None:
    """Run the missing steps. Two programs that start at once wait for each other. Raises OtherRevision."""
    with engine.connect() as connection:
        if revision(connection) == to and "alembic_version" in inspect(connection).get_table_names():
            return
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            hold(connection)
            run(connection, to)


def hold(connection: Connection) -> None:
    """Let no other program begin the same database until this transaction ends; on SQLite a writer does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def run(connection: Connection, to: str) -> None:
    """The missing steps on an open transaction. Raises OtherRevision."""
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    found = revision(connection)
    if found and found not in REVISIONS:
        raise OtherRevision(found)
    with resources.as_file(resources.files("resources").joinpath("network", "migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        script = ScriptDirectory.from_config(config)
        context = MigrationContext.configure(connection, opts={"fn": lambda heads, _: script._upgrade_revs(to, heads)})
        if found and not context.get_current_heads():
            context.stamp(script, found)
        with Operations.context(context):
            context.run_migrations()
