"""Each room may import what belongs to it, and nothing else: import-linter guards the inner walls, this file the outer ones."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.house.source import modules, told, tree

# Room -> the libraries at home there. A new library is a decision: it is written here and in docs/decisions.
LIBRARIES: dict[str, frozenset[str]] = {
    "desktop.words": frozenset(),
    "desktop.resource": frozenset(),
    "desktop.ledger": frozenset(),
    "desktop.rules": frozenset(),
    "desktop.store": frozenset({"sqlalchemy", "sqlcipher3", "alembic"}),
    "desktop.secrets": frozenset({"keyring", "cryptography"}),
    "desktop.sync": frozenset({"requests", "urllib3", "tenacity", "msgspec", "cryptography"}),
    "desktop.reports": frozenset({"reportlab", "xlsxwriter", "PIL"}),
    "desktop.formats": frozenset({"python_calamine", "xlsxwriter"}),
    "desktop.actions": frozenset({"platformdirs", "filelock"}),
    "desktop.ui": frozenset({"PySide6", "shiboken6", "pypdfium2"}),
    "desktop.cli": frozenset({"platformdirs"}),
    "desktop.__main__": frozenset({"PySide6"}),
    "network": frozenset(
        {"fastapi", "starlette", "uvicorn", "h11", "pydantic", "sqlalchemy", "sqlcipher3", "alembic", "msgspec", "cryptography"}
    ),
}
OWN = frozenset({"desktop", "network", "resources"})
# Two modules speak to the world, for sync and for the national platform, through one library and one gate. What the standard library and Qt
# offer beside it is open to nobody.
SOCKETS = (
    "requests", "urllib3", "socket", "_socket", "socketserver", "ssl", "_ssl", "http.client", "http.server", "urllib.request", "xmlrpc", "ftplib",
    "smtplib", "smtpd", "poplib", "imaplib", "nntplib", "telnetlib", "asyncio", "asyncore", "asynchat", "multiprocessing.connection", "wsgiref",
    "PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore",
)  # fmt: skip
MAY_OPEN = {
    *(("desktop/sync/wire.py", way) for way in ("requests", "urllib3", "ssl")),  # the line itself
    *(("desktop/sync/soap.py", way) for way in ("requests", "urllib3", "ssl")),  # the line to the national platform
    ("desktop/secrets/authorities.py", "ssl"),  # reads certificates; opens nothing
    ("desktop/ui/one_window.py", "PySide6.QtNetwork"),  # a local socket of this machine: a second start raises the first window
}
# Libraries slow to load: imported inside the function that uses them, or at the top of a module that is itself imported late.
# Modules on the way to the first window may not have them at the top.
EARLY = (
    "desktop/__main__.py",
    "desktop/words.py",
    "desktop/resource.py",
    "desktop/ledger/",
    "desktop/rules/",
    "desktop/ui/application.py",
)
SLOW = frozenset({"reportlab", "requests", "urllib3", "keyring", "alembic", "xlsxwriter", "python_calamine", "cryptography", "PIL"})


def room(name: str) -> str:
    parts = name.removesuffix(".py").split("/")
    return parts[0] if parts[0] == "network" else ".".join(parts[:2])


def imported(module: ast.AST) -> list[tuple[int, str]]:
    """Line and top package of every import, wherever it stands."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module.split(".")[0]))
    return found


def strangers(name: str, module: ast.Module) -> list[str]:
    if room(name) == "desktop.__init__":
        return [f"{name}:{line}: {top}" for line, top in imported(module)]
    at_home = LIBRARIES.get(room(name))
    if at_home is None:
        return [f"{name}: the room {room(name)} is not in the picture of the house"]
    standard = sys.stdlib_module_names - {"sqlite3"}
    return [f"{name}:{line}: {top}" for line, top in imported(module) if top not in at_home | standard | OWN]


def reached(module: ast.AST) -> list[tuple[int, str]]:
    """Line and full name of everything that an import may reach, also by ``from a import b``, ``import_module`` and ``__import__``."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            found += [(node.lineno, one.value) for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return found


def openings(name: str, module: ast.AST) -> list[str]:
    """Ways to a socket past the one that the gate watches. The service listens; it is another program."""
    if room(name) == "network":
        return []
    return [
        f"{name}:{line}: {way}"
        for line, full in reached(module)
        for way in SOCKETS
        if f"{full}.".startswith(f"{way}.") and (name, way) not in MAY_OPEN
    ]


def slow_starts(name: str, module: ast.Module) -> list[str]:
    if not name.startswith(EARLY):
        return []
    top_level = ast.Module([node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    return [f"{name}:{line}: {top}" for line, top in imported(top_level) if top in SLOW]


def relative(name: str, module: ast.Module) -> list[str]:
    return [f"{name}:{n.lineno}" for n in ast.walk(module) if isinstance(n, ast.ImportFrom) and n.level]


def test_libraries_stay_in_their_rooms() -> None:
    faults = [f for name in modules("desktop", "network") for f in strangers(name, tree(name))]
    assert not faults, told(faults, "A library is imported outside its room; the room that owns it should do that work.")


def test_the_window_does_not_wait_for_what_it_may_never_use() -> None:
    faults = [f for name in modules("desktop") for f in slow_starts(name, tree(name))]
    assert not faults, told(faults, "A slow library at the top of a module the first window needs: import it where it is used.")


def test_imports_name_their_room() -> None:
    faults = [f for name in modules("desktop", "network") for f in relative(name, tree(name))]
    assert not faults, told(faults, "Imports are absolute, so that each shows the room it reaches into.")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("desktop/actions/importing.py", "import python_calamine"),
        ("desktop/rules/charging.py", "def f():\n    from sqlalchemy import select"),
        ("desktop/ledger/money.py", "from PySide6.QtCore import QObject"),
        ("desktop/store/rows.py", "import sqlite3"),
        ("desktop/attic/old.py", "import os"),
    ],
)
def test_a_stranger_is_seen(name: str, source: str) -> None:
    assert strangers(name, ast.parse(source))


def test_a_slow_start_is_seen() -> None:
    assert slow_starts("desktop/__main__.py", ast.parse("import requests"))
    assert not slow_starts("desktop/__main__.py", ast.parse("def run():\n    import requests"))
    assert relative("desktop/ui/x.py", ast.parse("from .y import z"))


def test_no_room_opens_a_socket_past_the_gate() -> None:
    found = [one for name in modules("desktop", "network") for one in openings(name, tree(name))]
    assert not found, told(found, "The gate sees only what leaves through the sync room's own line: send it there.")


def test_what_may_be_opened_is_still_used() -> None:
    used = {(name, way) for name, way in MAY_OPEN for _, full in reached(tree(name)) if f"{full}.".startswith(f"{way}.")}
    assert used == MAY_OPEN


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "import socket",
        "def f():\n    import http.client",
        "from http import client",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import ssl as s",
        "from asyncio import open_connection",
        "from PySide6.QtNetwork import QTcpSocket",
        "from PySide6 import QtNetwork",
        "import_module('socket')",
        "importlib.import_module('urllib.request')",
        "__import__('http.client')",
    ],
)
@pytest.mark.parametrize("name", ["desktop/store/rows.py", "desktop/actions/syncing.py", "desktop/sync/round.py", "desktop/ui/x.py"])
def test_a_way_past_the_gate_is_seen(name: str, source: str) -> None:
    assert openings(name, ast.parse(source))


@pytest.mark.parametrize("source", ["from urllib.parse import quote", "import http", "from http import HTTPStatus", "import_module(name)"])
def test_what_opens_nothing_is_no_way_past_the_gate(source: str) -> None:
    assert not openings("desktop/actions/syncing.py", ast.parse(source))
