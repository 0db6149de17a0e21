"""The trees behind the figures of a report, kept with the entry of its print: a number on an old paper answers "why?" as it stood that day.

Records are reversed and rule values change while the paper stays as it is. The paper itself is how its trees are found, by the digest of the
file (docs/decisions/0060). The tree of a payout run is fixed with the run and never changes: a sheet keeps the number of its run in its place.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.reports.content import Content
from desktop.rules import figure_json
from desktop.rules.figure import Figure

OF_RUN = "report.of_run"
"""A figure with the number of a payout run in place of its tree."""
PRINTED = "report.printed"
_SHORTEST = 8
_HEX = frozenset("0123456789abcdef")


def of_set(asset_number: str, name: str, *figures: Figure) -> Figure:
    """The trees of one set under its number and name."""
    return Figure("report.of_set", f"{asset_number} {name}", "text", inputs=figures)


def packed(said: Content) -> str:
    """The trees of a report as text for its entry; "" when it prints nothing that was reckoned."""
    if not said.figures:
        return ""
    whole = figure_json.to_json(Figure(PRINTED, said.title, "text", inputs=said.figures))
    return base64.b64encode(zlib.compress(whole.encode(), 6)).decode("ascii")


def unpacked(text: str) -> Figure:
    """What ``packed`` made text of. Raises ValueError for any other text."""
    try:
        return figure_json.from_json(zlib.decompress(base64.b64decode(text, validate=True)).decode())
    except (zlib.error, ValueError, KeyError) as error:
        raise ValueError("no trees of a report") from error


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises Problem when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Problem("report.cannot_read", path=path.name, detail=reason_of(error)) from error


def explain(workspace: Workspace, named: str, of_run: Callable[[str], Figure]) -> Figure:
    """The trees of a report that was printed or saved: ``named`` is its file, or its digest (SHA-256; the first eight signs will do).

    ``of_run`` gives the tree of a payout run. Raises Refused for what this ledger has not printed and for a report that kept no trees, Problem for a
    file that cannot be read.
    """
    path, text = Path(named), named.strip().lower()
    is_digest = len(text) >= _SHORTEST and _HEX.issuperset(text)
    digest = digest_of(path) if path.is_file() or not is_digest else text
    sql = "SELECT period, printed_on, person, figures FROM printed_report WHERE digest LIKE ? || '%' ORDER BY rowid DESC LIMIT 1"
    with workspace.read() as connection:
        found = connection.exec_driver_sql(sql, (digest,)).first()
    if found is None:
        raise Refused("report.not_printed", named=path.name)
    period, printed_on, person, figures = found
    if not figures:
        raise Refused("report.no_figures", named=path.name)
    kept = unpacked(figures)
    trees = tuple(of_run(str(one.value)) if one.code == OF_RUN else one for one in kept.inputs)
    told = (("title", str(kept.value)), ("period", period), ("person", person))
    return replace(kept, value=date.fromisoformat(printed_on), unit="date", inputs=trees, params=told)
