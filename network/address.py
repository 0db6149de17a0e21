"""The address of a database as the operator writes it: what is taken, what may be shown of it, who may read the file."""

from __future__ import annotations

import os
import re
import stat

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

_BACKENDS = ("sqlite", "postgresql")
_SECRET = re.compile(r"(://).*@|([?&][^=&]*(?:pass|key)[^=&]*=)[^&]*", re.IGNORECASE | re.DOTALL)


class Unfit(Exception):
    """The address is none a service can keep its data at; the text says why and holds nothing of the address."""


# What opening a database can end with.
FAILURES = (Unfit, SQLAlchemyError, ImportError, OSError)


def parse(text: str) -> URL:
    """The address. Raises Unfit."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Unfit(
            "not the address of a database (sqlite:///file or postgresql+psycopg://…); in a user name or password @ is written %40"
        ) from None
    if url.get_backend_name() not in _BACKENDS:
        raise Unfit(f"the service keeps its data in {' or '.join(_BACKENDS)} only")
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:") or "mode=memory" in text:
            raise Unfit("a database in memory is lost when the service ends: name a file (sqlite:///network.db)")
    elif "@" in f"{url.host}{url.database}":
        raise Unfit("a user name or password holds a sign that must be written with percent: @ as %40, / as %2F, : as %3A")
    return url


def masked(text: str) -> str:
    """The address without user name, password and whatever else opens something."""
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}***" + ("@" if found[1] else ""), text)


def reason(error: Exception, text: str) -> str:
    """The first line of an error in words, without the password of the address."""
    if isinstance(error, ImportError):
        return f"the driver is not installed: {error.name}"
    told = (f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)).splitlines() or [""]
    try:
        password = make_url(text).password
    except (ArgumentError, ValueError):
        password = None
    return told[0].replace(str(password), "***") if password else told[0]


def keep_private(url: URL) -> None:
    """Make the file readable for its owner alone, before anything is in it: it will hold the keys that sign. Raises OSError.

    A file made by an earlier version is closed to others too; the log beside it takes the file's rights.
    """
    path = url.database or ""
    if url.get_backend_name() != "sqlite" or path.startswith("file:"):
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        for each in (path, path + "-wal", path + "-shm"):
            _close_to_others(each)


def _close_to_others(path: str) -> None:
    try:
        told = os.stat(path)
    except FileNotFoundError:
        return
    if stat.S_ISREG(told.st_mode) and told.st_mode & 0o077 and (not hasattr(os, "getuid") or told.st_uid == os.getuid()):
        os.chmod(path, 0o600)
