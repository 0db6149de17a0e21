"""Reads a text table (CSV): byte-order mark, then UTF-16 by its zeros, UTF-8, GB18030; delimiter by what the first lines agree on.

What would only look read (a file cut inside a character, another encoding's text, a quote that swallows lines) is refused in words.
"""

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
_MARK = b"\xef\xbb\xbf"
_END = "\x03\x04"
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
# What a workbook shows for a cell without a value, in a text table as its words; hashes are a number its column was too narrow for.
_FAULT = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|GETTING_DATA|#{2,})")
_QUOTED = re.compile(r"'+(?:[=+\-@\t\r\n＝＋－＠]|[0-9]{16,}$)")


@dataclass(frozen=True, slots=True)
class Text:
    """The cells of a text table, every one text or None, and how the bytes were read."""

    rows: tuple[list[Value], ...]
    encoding: str
    delimiter: str


def read(path: Path, limits: Limits, cancelled: Callable[[], bool] | None = None) -> Text:
    """Read a text table. Raises Problem ``file.encoding*``, ``file.quote_open``, ``file.damaged``, ``file.empty``, ``file.too_large_*``; Cancelled."""
    text, encoding = decode(path.read_bytes(), path.name)
    delimiter = sniff(text)
    rows: list[list[Value]] = []
    n_cells = 0
    # A line of our own at the end: a quote that was never closed swallows it.
    ended = text if text.endswith(("\n", "\r")) else f"{text}\n"
    lines = csv.reader(io.StringIO(ended + _END, newline=""), delimiter=delimiter, strict=False)
    try:
        for cells in lines:
            if cells == [_END]:
                break
            n_cells += len(cells)
            for what, found in (("n_rows", len(rows) + 1), ("n_columns", len(cells)), ("n_cells", n_cells)):
                if found > getattr(limits, what):
                    raise guard.too_many(path, what, found, limits)
            if cancelled is not None and not len(rows) % 500 and cancelled():
                raise Cancelled
            rows.append([(cell if cell[0] not in "'#" else _marked(cell)) if cell else None for cell in cells])
        else:
            raise Problem("file.quote_open", name=path.name, row=len(rows))
    except csv.Error as error:
        raise Problem("file.damaged", name=path.name) from error
    if not any(cell and str(cell).strip() for row in rows for cell in row):
        raise Problem("file.empty", name=path.name)
    return Text(tuple(rows), encoding, delimiter)


def _marked(cell: str) -> Value:
    """What begins with an apostrophe without it; what a workbook shows for a cell without a value as the fault it is."""
    from desktop.formats.spreadsheet import Fault

    return Fault(cell) if _FAULT.fullmatch(cell) else bare(cell)


def bare(cell: str) -> str:
    """Without the apostrophe that ``write`` puts before a text a spreadsheet program would change."""
    return cell[1:] if _QUOTED.match(cell) else cell


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text and the name of the encoding that read all of it. Raises Problem ``file.encoding``, ``encoding_broken``, ``encoding_traditional``."""
    choices: tuple[tuple[str, str], ...] = (("utf-8", "UTF-8"), ("gb18030", "GB18030"))
    wide = guard.wide(content)
    if content.startswith(_MARK):
        choices = (("utf-8-sig", "UTF-8"),)
    elif wide:
        choices = ((wide, "UTF-16"),)
    for codec, encoding in choices:
        if codec == "gb18030":
            _refuse_others(content, name)
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text.removeprefix("\ufeff"), encoding
    if content.startswith(_MARK):
        _refuse_others(content, name)
    raise Problem("file.encoding", name=name)


def _refuse_others(content: bytes, name: str) -> None:
    """What GB18030 would read as nonsense: UTF-8 with a few broken bytes, and Big5."""
    loose = content.decode("utf-8", "replace")
    at = loose.find("\ufffd")
    n_good = sum(not c.isascii() for c in loose) - loose.count("\ufffd")
    if at >= 0 and n_good > 3 * loose.count("\ufffd"):
        raise Problem("file.encoding_broken", name=name, row=loose.count("\n", 0, at) + 1)
    pairs = _PAIR.findall(content)
    # Of the characters of daily use GB18030 has every second byte high, Big5 four in ten low.
    if sum(pair[1] < 0x7F for pair in pairs) * 5 > len(pairs):
        try:
            content.decode("big5hkscs")
        except UnicodeDecodeError:
            return
        raise Problem("file.encoding_traditional", name=name)


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
