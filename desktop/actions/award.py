"""The provider award of clause 3: a year's transaction amount with its evidence, and what may be told of the award."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.problem import Refused
from desktop.rules import award as rules
from desktop.rules.award import Evidenced
from desktop.rules.figure import Figure, Rows
from desktop.store import award as rows
from desktop.store.award import EvidenceLine


@dataclass(frozen=True, slots=True)
class Application:
    """A year's lines but the confidential ones (``n_withheld``), and the estimate with all it rests on."""

    year: int
    lines: tuple[EvidenceLine, ...]
    evidenced: Evidenced
    estimate: Figure
    n_withheld: int


def year(workspace: Workspace, of: int, on: date) -> Application:
    """The year's amount and estimate by the rules of the day of applying."""
    with workspace.read() as connection:
        found = tuple(rows.lines(connection, of))
    shown = tuple(line for line in found if not line.confidential)
    told = evidenced(shown)
    known = rules_in_force.of(workspace)
    return Application(of, shown, told, rules.estimate(rules.amount(told, known, on), known, on), len(found) - len(shown))


def evidenced(lines: Iterable[EvidenceLine]) -> Evidenced:
    """The sums of lines: what has its evidence, what lacks some, what was taken back."""
    every = tuple(lines)
    return replace(_summed(every), rows=Rows("posting", tuple(line.posting_id for line in every)))


def amount(workspace: Workspace, of: int, on: date) -> Figure:
    """A year's transaction amount by the rules of a day, read line by line: the postings behind it are those of the statement that lists them."""
    with workspace.read() as connection:
        found = _summed(line for line in rows.lines(connection, of) if not line.confidential)
    return rules.amount(found, rules_in_force.of(workspace), on)


def _summed(lines: Iterable[EvidenceLine]) -> Evidenced:
    n = evidenced_fen = n_wanting = wanting_fen = reversed_fen = 0
    for line in lines:
        if line.reversed_on is not None:
            reversed_fen += line.amount_fen
            continue
        n += 1
        if line.evidenced:
            evidenced_fen += line.amount_fen
        else:
            n_wanting, wanting_fen = n_wanting + 1, wanting_fen + line.amount_fen
    return Evidenced(n, evidenced_fen + wanting_fen + reversed_fen, evidenced_fen, n_wanting, wanting_fen, reversed_fen)


def explain(workspace: Workspace, text: str | None = None) -> Figure:
    """The estimate of a calendar year (last year when none is given), down to the postings. Raises Refused for what is no year."""
    try:
        found = periods.parse(text or str(today().year - 1))
    except ValueError as error:
        raise Refused("report.period", period=text) from error
    if (found.end - found.start).days < 365:
        raise Refused("report.period_year", period=found.name)
    return year(workspace, found.start.year, today()).estimate
