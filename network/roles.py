"""Which kind of service a database belongs to. It is bound at the first start: a hub's database opened as a network would hand out people
and payouts in every page of changes, for what is kept is read without asking whether it may be there.

The mark is a row of ``service``, which takes names and values: no step of the schema, so that backups made before can still be
restored (``backup.RESTORABLE``).
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from network import schema
from network.database import Database
from network.kinds import KINDS, ROLES, Role

USUAL: Role = "network"
_NAMED = {"network": "the provincial network", "hub": "an institution's hub"}


class OtherRole(Exception):
    """The database belongs to the other kind of service; the text says so. Nothing was changed."""

    def __init__(self, kept: Role, asked: Role) -> None:
        super().__init__(f"it belongs to {_NAMED[kept]} and is not opened as {_NAMED[asked]}: nothing was changed; leave --role out, or name {kept}")


class NoRole(Exception):
    """The database may be either; the text says what to do. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "devices are enrolled in it, it was made before the role was kept, and does not show which it is: nothing was changed; "
            "name --role network for the provincial network, --role hub for an institution's hub"
        )


def kept(connection: Connection) -> Role | None:
    """What the database is; None while it may be either. One from before there was a mark is a hub's where it holds what only a hub takes."""
    found = marked(connection)
    return found or _held(connection)


def marked(connection: Connection) -> Role | None:
    """The mark itself, None before the first start."""
    service = schema.service
    value = connection.execute(select(service.c.value).where(service.c.name == "role")).scalar()
    return next((role for role in ROLES if role == value), None)


def _held(connection: Connection) -> Role | None:
    entity = schema.entity
    beyond = [name for name, kind in KINDS.items() if "network" not in kind.roles]
    return "hub" if connection.execute(select(entity.c.id).where(entity.c.kind.in_(beyond)).limit(1)).first() is not None else None


def mark(connection: Connection, role: Role) -> None:
    """Write the mark, on an open transaction; one that is there stays."""
    if marked(connection) is None:
        connection.execute(insert(schema.service).values(name="role", value=role))


def agreed(db: Database, asked: Role | None) -> Role:
    """The role to work in: what the database is, else what was asked for, else, of one nobody has enrolled in, a network. Nothing is written.

    Raises OtherRole; NoRole for one without a mark that has been served: a hub taken for a network would hand out people.
    """
    with db.read() as connection:
        found = kept(connection)
        if found is None and asked is None and connection.execute(select(schema.device.c.id).limit(1)).first() is not None:
            raise NoRole
    if found is not None and asked not in (None, found):
        raise OtherRole(found, asked)
    return found or asked or USUAL


def bind(db: Database, asked: Role | None) -> Role:
    """``agreed``, and from now on the database is that. Raises OtherRole, NoRole."""
    role = agreed(db, asked)
    with db.read() as connection:
        if marked(connection) == role:
            return role
    try:
        with db.write() as connection:
            mark(connection, role)
    except IntegrityError:
        pass  # another program was first
    return agreed(db, asked)
