"""A finding: the data is wrong or doubtful. A value in a list, never an exception; words are found by its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a file: 1-based row as a spreadsheet shows it, and the column's header."""

    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, how bad, and where.

    ``code`` names the words (``resources/i18n/codes``); ``params`` fill them; ``cell`` is set for files;
    ``kind``/``key``/``field`` point to a fact of the ledger (table name, UUID text, column).
    """

    code: str
    severity: Severity = "error"
    params: tuple[tuple[str, str], ...] = ()
    cell: Cell | None = None
    kind: str = ""
    key: str = ""
    field: str = ""


def finding(
    code: str,
    severity: Severity = "error",
    *,
    cell: Cell | None = None,
    kind: str = "",
    key: str = "",
    field: str = "",
    **params: object,
) -> Finding:
    """A finding with its words' parameters given by name."""
    return Finding(code, severity, tuple((k, str(v)) for k, v in params.items()), cell, kind, key, field)
