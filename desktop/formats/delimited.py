"""Reads a text table (CSV): byte-order mark, then UTF-8, then GB18030; delimiter by what the first lines agree on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.formats import guard
from desktop.formats.guard import Limits
from desktop.ledger.problem import Cancelled, Problem

if TYPE_CHECKING:
    from desktop.formats.spreadsheet import Value

DELIMITERS = (",", "\t", ";")
_QUOTED = re.compile(r"'+(?:[=+\-@\t\r\n＝＋－＠]|[0-9]{16,}$)")


@dataclass(frozen=True, slots=True)
class Text:
    """The cells of a text table, every one text or None, and how the bytes were read."""

    rows: tuple[list[Value], ...]
    encoding: str
    delimiter: str


def read(path: Path, limits: Limits, cancelled: Callable[[], bool] | None = None) -> Text:
    """Read a text table. Raises Problem ``file.encoding``, ``file.damaged``, ``file.empty``, ``file.too_large_*``; Cancelled."""
    text, encoding = decode(path.read_bytes(), path.name)
    delimiter = sniff(text)
    rows: list[list[Value]] = []
    n_cells = 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        for cells in lines:
            n_cells += len(cells)
            for what, found in (("n_rows", len(rows) + 1), ("n_columns", len(cells)), ("n_cells", n_cells)):
                if found > getattr(limits, what):
                    raise guard.too_many(path, what, found, limits)
            if cancelled is not None and not len(rows) % 500 and cancelled():
                raise Cancelled
            rows.append([(bare(cell) if cell[0] == "'" else cell) if cell else None for cell in cells])
    except csv.Error as error:
        raise Problem("file.damaged", name=path.name) from error
    if not any(cell and str(cell).strip() for row in rows for cell in row):
        raise Problem("file.empty", name=path.name)
    return Text(tuple(rows), encoding, delimiter)


def bare(cell: str) -> str:
    """Without the apostrophe that ``write`` puts before a text a spreadsheet program would change."""
    return cell[1:] if _QUOTED.match(cell) else cell


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text and the name of the encoding that read all of it."""
    if content.startswith(b"\xef\xbb\xbf"):
        choices: tuple[str, ...] = ("utf-8-sig",)
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        choices = ("utf-16",)
    else:
        choices = ("utf-8", "gb18030")
    for encoding in choices:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding
    raise Problem("file.encoding", name=name)


def sniff(text: str) -> str:
    """The delimiter: the one that cuts the first lines into the most columns, most evenly; a comma when none does."""
    head = text[:20_000].splitlines()[:20]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
        common = max(set(widths), key=widths.count) if widths else 1
        score = (common - 1) * widths.count(common)
        if score > best_score:
            best, best_score = delimiter, score
    return best
