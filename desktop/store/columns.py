"""How columns are written: STRICT SQLite types only, each with its reach, each table with its journal manner.

Reach says how far a column may travel: ``local`` never leaves, ``institution`` reaches the institution's own hub,
``network`` is reported to the province. A new column is local until declared.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

Reach = Literal["local", "institution", "network"]
Manner = Literal["journalled", "facts", "bookkeeping"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def table(name: str, *parts: Any, manner: Manner = "journalled", without_rowid: bool = False) -> Table:
    """A STRICT table. ``facts``: journalled and append-only; ``bookkeeping``: neither journalled nor reported."""
    return Table(name, metadata, *parts, info={"manner": manner}, sqlite_strict=True, sqlite_with_rowid=not without_rowid)


def key(name: str = "id", reach: Reach = "network") -> Column[str]:
    """The primary key: UUID text."""
    return Column(name, Text, primary_key=True, nullable=False, info={"reach": reach})


def text(name: str, reach: Reach = "local", *, default: str | None = "", **more: Any) -> Column[str]:
    """Text that is never null; empty means not given. ``default=None``: must be given."""
    return Column(name, Text, nullable=False, server_default=default, info={"reach": reach}, **more)


def maybe(name: str, reach: Reach = "local", **more: Any) -> Column[str | None]:
    """Text that may be unknown: days (ISO), decimals, keys."""
    return Column(name, Text, nullable=True, info={"reach": reach}, **more)


def integer(name: str, reach: Reach = "local", *, default: str | None = None, **more: Any) -> Column[int]:
    """An integer that must be known: fen, minutes, positions."""
    return Column(name, Integer, nullable=False, server_default=default, info={"reach": reach}, **more)


def maybe_integer(name: str, reach: Reach = "local", **more: Any) -> Column[int | None]:
    """An integer that may be unknown."""
    return Column(name, Integer, nullable=True, info={"reach": reach}, **more)


def flag(name: str, reach: Reach = "local", *, default: str = "0") -> Column[int]:
    """Yes or no, never unknown."""
    return Column(
        name,
        Integer,
        CheckConstraint(f"{name} IN (0, 1)", name=name),
        nullable=False,
        server_default=default,
        info={"reach": reach},
    )


def maybe_flag(name: str, reach: Reach = "local") -> Column[int | None]:
    """Yes, no, or not stated."""
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=True, info={"reach": reach})


def blob(name: str) -> Column[bytes]:
    """Exact bytes; local."""
    return Column(name, LargeBinary, nullable=False, info={"reach": "local"})


def refers(name: str, target: str, reach: Reach = "network", *, nullable: bool = False) -> Column[str]:
    """A reference that restricts deletion: whatever carries money keeps what it refers to."""
    return Column(
        name,
        Text,
        ForeignKey(f"{target}.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED"),
        nullable=nullable,
        info={"reach": reach},
    )


def read_as_other(number: str) -> str:
    """SQL: whether a column holds a number with signs that are read as others: full-width ones, wide spaces, word processors' dashes."""
    return f"{number} GLOB '*[\uff01-\uff5e\u3000\u00a0\u2010-\u2014\u2212]*'"
