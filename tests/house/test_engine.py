"""The engine is deterministic: what it does follows from its ports alone. It asks no clock, draws no random number, starts nothing
beside itself and opens nothing."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import modules, told, tree

# The rooms of the engine that meet the world, for the others: the line, and what waits between two requests on it.
WORLD = frozenset(f"desktop/sync/{name}.py" for name in ("client", "wire", "underway", "soap"))
STRANGE = frozenset(
    {"asyncio", "concurrent", "multiprocessing", "os", "pathlib", "queue", "random", "secrets", "select", "signal", "socket"}
    | {"subprocess", "tempfile", "threading", "time", "uuid"}
)
CLOCK = frozenset({"now", "utcnow", "today"})


def engine() -> list[str]:
    return [name for name in modules("desktop/sync") if name not in WORLD]


def faults(name: str, module: ast.AST) -> list[str]:
    """What in a module of the engine would make the same run end differently."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] in STRANGE]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in STRANGE:
            found.append((node.lineno, node.module))
        elif isinstance(node, ast.Attribute) and node.attr in CLOCK:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("open", "hash", "__import__"):
            found.append((node.lineno, node.func.id))
    return [f"{name}:{line}: {what}" for line, what in found]


def test_the_engine_asks_nothing_but_its_ports() -> None:
    assert {f"desktop/sync/{name}.py" for name in ("round", "absorb", "merge", "seal", "recovery", "carried", "evidence")} <= set(engine())
    found = [fault for name in engine() for fault in faults(name, tree(name))]
    assert not found, told(found, "The engine reads no clock, draws nothing and starts nothing: let it come in through a port.")


@pytest.mark.parametrize(
    "source",
    [
        "import threading",
        "def f():\n    from time import monotonic",
        "import random as r",
        "from uuid import uuid4",
        "import os.path",
        "from datetime import UTC, datetime\nat = datetime.now(UTC)",
        "import datetime\nat = datetime.date.today()",
        "def f(make=datetime.now):\n    return make()",
        "def f(path):\n    return open(path)",
    ],
)
def test_a_clock_a_draw_and_a_thread_are_seen(source: str) -> None:
    """The broken variants."""
    assert faults("desktop/sync/round.py", ast.parse(source))
