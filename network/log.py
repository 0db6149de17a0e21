"""Structured logs: one JSON object a line, codes and ids only. No names, no amounts, no tokens, no addresses, no bodies."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_logger = logging.getLogger("network")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if record.name == "network" else record.name,
        }
        told |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            # The message of an exception can hold values of a row: only its type and where it was raised are told.
            told["error"] = record.exc_info[0].__name__
            told["where"] = place(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def place(error: BaseException | None) -> str:
    """Where an error was raised: module and line."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


def start(level: str = "info") -> None:
    """Send the service's log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("alembic").setLevel(logging.WARNING)


def event(name: str, **fields: object) -> None:
    """One event with its fields (codes, ids, counts, durations)."""
    _logger.info(name, extra={"fields": fields})


def failure(name: str, error: BaseException, **fields: object) -> None:
    """An error that no one foresaw: type and place, never its message."""
    _logger.error(name, exc_info=error, extra={"fields": fields})
