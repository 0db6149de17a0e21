"""A service that keeps what it is given where it should not: in its log, in a file that is gone by the end, or in a table of its own."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from typing import Any

from network import app
from network.database import Database

LEAK = "YIXIANG_TESTS_LEAK"
Spill = Callable[[Database, bytes], object]


def _log(db: Database, content: bytes) -> None:
    logging.getLogger("network").debug("took %s", content.decode("utf-8", "replace"))


def _file(db: Database, content: bytes) -> None:
    with tempfile.TemporaryFile() as gone:
        gone.write(content)


def _table(db: Database, content: bytes) -> None:
    with db.write() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS spilled (content BLOB)")
        connection.exec_driver_sql("INSERT INTO spilled VALUES (?)", (content,))


LEAKS: dict[str, Spill] = {"log": _log, "file": _file, "table": _table}


def leak(where: str) -> None:
    """From now on every service that is made leaks there; "" changes nothing."""
    if where:
        app.build = _leaking(app.build, LEAKS[where])  # type: ignore[assignment]


def _leaking(build: Callable[..., Any], spill: Spill) -> Callable[..., Any]:
    def made(db: Database, *given: Any, **named: Any) -> Any:
        sound = build(db, *given, **named)

        async def asgi(scope: Any, receive: Any, send: Any) -> None:
            content, more = b"", scope["type"] == "http"
            while more:
                message = await receive()
                content += message.get("body", b"")
                more = message.get("more_body", False)
            spill(db, scope.get("query_string", b"") + content)
            whole = [{"type": "http.request", "body": content, "more_body": False}]

            async def again() -> Any:
                return whole.pop() if whole else await receive()

            await sound(scope, again, send)

        asgi.state = sound.state  # type: ignore[attr-defined]  # what the program asks of what it serves
        return asgi

    return made
