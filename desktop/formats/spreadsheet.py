"""Opens a workbook or a text table and hands back plain cells; formulas are never evaluated, macros never seen.

Workbooks are read in a separate process with caps on memory and time (``reader.py``); text tables are read here.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.formats import guard
from desktop.formats.guard import LIMITS, FileKind, Limits
from desktop.ledger.problem import Cancelled, Problem

_DAY_LENGTH = len("2025-01-01")
_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a usable value: ``#N/A`` and its like, or ``=`` for a formula that carries no result."""

    text: str


Value = str | int | Decimal | date | datetime | bool | Fault | None
"""A plain cell. ``datetime`` is wall-clock time without zone, as the sheet shows it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One visible sheet: ``rows[r][c]`` 0-based; ``merged`` are (first row, first column, last row, last column), 0-based.

    ``base_1904``: a bare number that is a day counts from 1904, as the workbook says. ``n_formulas`` cells are calculated (the
    first is ``formula_at``), their stored results stand in ``rows``; ``n_hidden`` rows are hidden or filtered away, they stand
    there too. ``delimiter``: of a text table, whose rows may be cut in the wrong places.
    """

    name: str
    rows: tuple[list[Value], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    base_1904: bool = False
    n_formulas: int = 0
    formula_at: str = ""
    n_hidden: int = 0
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file holds. ``encoding`` and ``delimiter`` are how a text table was read, to be shown before it is accepted.

    ``hidden`` names the sheets that are hidden and not read; ``marks`` are ``macros`` and ``links``, which are never followed.
    """

    name: str
    kind: FileKind
    sheets: tuple[Grid, ...]
    encoding: str = ""
    delimiter: str = ""
    hidden: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def read(path: Path, *, limits: Limits = LIMITS, cancelled: Callable[[], bool] | None = None) -> Workbook:
    """Read a file. Sheets without any cell are kept, empty.

    Raises Problem (``file.*``, see ``guard.check``; also ``file.too_slow``) and Cancelled. Nothing is written anywhere.
    """
    kind = guard.check(path, limits)
    if kind == "csv":
        from desktop.formats import delimited

        text = delimited.read(path, limits, cancelled)
        return Workbook(path.name, kind, (Grid(path.stem, text.rows, delimiter=text.delimiter),), text.encoding, text.delimiter)
    book = _assemble(stream(path, kind, limits=limits, cancelled=cancelled))
    if not any(grid.rows for grid in book.sheets):
        if book.hidden:
            raise Problem("file.all_hidden", name=path.name, sheets="、".join(book.hidden))
        raise Problem("file.empty", name=path.name)
    return book


def reader_command() -> list[str]:
    """How the reading process is started; a frozen program starts itself with a word that its front door knows."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "read-workbook"]
    return [sys.executable, "-I", str(Path(__file__).with_name("reader.py"))]


def _order(path: Path, kind: FileKind, limits: Limits) -> str:
    memory = limits.memory_bytes + limits.memory_factor * guard.unpacked_bytes(path)
    return json.dumps(
        {
            "path": str(path.resolve()),
            "kind": kind,
            "memory": memory,
            "seconds": max(1, int(limits.seconds)),
            "n_rows": limits.n_rows,
            "n_columns": limits.n_columns,
            "n_cells": limits.n_cells,
        }
    )


def _environment() -> dict[str, str]:
    # The reading process gets no passphrase, no proxy, no home: only what a process needs to start.
    keep = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TEMP", "TMP")
    return {name: os.environ[name] for name in keep if name in os.environ} | {"RUST_BACKTRACE": "0"}


def stream(
    path: Path, kind: FileKind, *, limits: Limits = LIMITS, cancelled: Callable[[], bool] | None = None
) -> Generator[Grid | list[list[Value]] | Workbook]:
    """A workbook piece by piece, for one too large to be held: each sheet as a Grid without rows, then its rows some at a time, at last the
    Workbook without sheets. ``kind`` as ``guard.check`` told it. Close it when it is not read to its end.

    Raises Problem and Cancelled like ``read``.
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own script
        [*reader_command(), _order(path, kind, limits)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    lines: queue.Queue[bytes | None] = queue.Queue(maxsize=64)
    stop = threading.Event()
    pump = threading.Thread(target=_pump, args=(process, lines, stop), name="workbook-reader", daemon=True)
    pump.start()
    try:
        yield from _pieces(path, kind, limits, _frames(path, process, lines, limits, cancelled))
    finally:
        stop.set()
        process.kill()
        process.wait()
        pump.join()
        if process.stdout is not None:
            process.stdout.close()


def _pump(process: subprocess.Popen[bytes], lines: queue.Queue[bytes | None], stop: threading.Event) -> None:
    stream = process.stdout
    while stream is not None:
        line = stream.readline()
        while not stop.is_set():
            try:
                lines.put(line or None, timeout=0.1)
                break
            except queue.Full:
                continue
        if not line or stop.is_set():
            return


def _frames(
    path: Path,
    process: subprocess.Popen[bytes],
    lines: queue.Queue[bytes | None],
    limits: Limits,
    cancelled: Callable[[], bool] | None,
) -> Iterator[Any]:
    deadline = time.monotonic() + limits.seconds
    while True:
        if cancelled is not None and cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise Problem("file.too_slow", name=path.name, seconds=int(limits.seconds))
        try:
            line = lines.get(timeout=0.1)
        except queue.Empty:
            continue
        if line is None:
            if process.wait() in (0, 1, 2):
                raise RuntimeError(f"the reading process ended with {process.returncode} and without a last word")
            # The system stopped it at its cap of memory or processor time.
            raise Problem("file.too_large_unpacked", name=path.name)
        try:
            frame = json.loads(line)
        except ValueError as error:
            raise Problem("file.damaged", name=path.name) from error
        if isinstance(frame, dict) and "end" in frame:
            return
        if isinstance(frame, dict) and "error" in frame:
            raise _told(path, frame, limits)
        yield frame


def _told(path: Path, frame: dict[str, Any], limits: Limits) -> Problem:
    if frame["error"] == "too_large":
        what = str(frame["what"])
        if what in guard.COUNTED:
            return guard.too_many(path, what, int(frame["found"]), limits)
        return Problem("file.too_large_unpacked", name=path.name)
    if frame["error"] == "protected":
        return Problem("file.protected", name=path.name)
    return Problem("file.damaged", name=path.name)


def _assemble(pieces: Iterator[Grid | list[list[Value]] | Workbook]) -> Workbook:
    grids: list[Grid] = []
    rows: list[list[Value]] = []
    found: Workbook | None = None
    for piece in pieces:
        if isinstance(piece, list):
            rows.extend(piece)
            continue
        if grids:
            grids[-1] = replace(grids[-1], rows=tuple(rows))
        if isinstance(piece, Grid):
            grids.append(piece)
            rows = []
        else:
            found = replace(piece, sheets=tuple(grids))
    if found is None:
        raise LookupError("the pieces of a workbook ended without the workbook")
    return found


def _pieces(path: Path, kind: FileKind, limits: Limits, frames: Iterator[Any]) -> Iterator[Grid | list[list[Value]] | Workbook]:
    hidden: list[str] = []
    marks: list[str] = []
    faults: dict[int, list[tuple[int, str]]] = {}
    n_rows = 0
    cell = _Cells()
    try:
        for frame in frames:
            if isinstance(frame, dict):
                if "sheet" in frame:
                    yield from _beyond(faults, n_rows)
                    yield _opened(frame)
                    faults, n_rows = _faults(frame, limits), 0
                else:
                    hidden += [str(frame["hidden"])] if "hidden" in frame else []
                    marks += [str(frame["mark"])] if "mark" in frame else []
                continue
            columns = [[cell[tuple(v)] if type(v) is list else v for v in cells] if made else cells for made, cells in frame]
            rows: list[list[Value]] = list(map(list, zip(*columns, strict=True)))
            if faults:
                for at in faults.keys() & set(range(n_rows, n_rows + len(rows))):
                    _mark(rows[at - n_rows], faults.pop(at))
            n_rows += len(rows)
            yield rows
        yield from _beyond(faults, n_rows)
    except (TypeError, ValueError, ArithmeticError, KeyError) as error:
        raise Problem("file.damaged", name=path.name) from error
    yield Workbook(path.name, kind, (), hidden=tuple(hidden), marks=tuple(marks))


def _opened(heading: dict[str, Any]) -> Grid:
    merged = tuple((a, b, c, d) for a, b, c, d in heading["merged"])
    counts = int(heading["formulas"]), str(heading["formula_at"]), int(heading["hidden_rows"])
    return Grid(str(heading["sheet"]), (), merged, bool(heading["base_1904"]), *counts)


def _faults(heading: dict[str, Any], limits: Limits) -> dict[int, list[tuple[int, str]]]:
    """Row -> its cells without a value, 0-based."""
    found: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in heading["faults"]:
        if 0 <= row < limits.n_rows and 0 <= column < limits.n_columns:
            found.setdefault(row, []).append((column, str(text)))
    return found


def _beyond(faults: dict[int, list[tuple[int, str]]], n_rows: int) -> Iterator[list[list[Value]]]:
    """The reader ends a sheet at the last cell with a value; a cell without one may stand below."""
    if faults:
        rows: list[list[Value]] = [[] for _ in range(n_rows, max(faults) + 1)]
        for at, told in faults.items():
            _mark(rows[at - n_rows], told)
        yield rows


def _mark(row: list[Value], told: list[tuple[int, str]]) -> None:
    for column, text in told:
        row.extend([None] * (column + 1 - len(row)))
        row[column] = Fault(text)


class _Cells(dict[tuple[Any, ...], Value]):
    """Wire form -> value, made once for each distinct value; of a log no two are alike, and a million of them are not kept."""

    def __missing__(self, wire: tuple[Any, ...]) -> Value:
        made: Value
        if len(wire) == 1:
            made = Decimal(str(wire[0]))
        elif len(wire[0]) == _DAY_LENGTH:
            made = date.fromisoformat(wire[0])
        else:
            made = datetime.fromisoformat(wire[0])
        if len(self) < _KEPT:
            self[wire] = made
        return made
