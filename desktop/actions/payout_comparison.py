"""Payouts of two periods side by side: which runs count in which, what each paid whom, and the tree behind a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from desktop.actions import payout_releases, payout_trees
from desktop.actions.workspace import SHANGHAI, Workspace
from desktop.ledger import allocation_json
from desktop.ledger import period as periods
from desktop.ledger.allocation import TECHNICIANS, PayoutRun, Scheme
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Technician
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import payout_comparison as rules
from desktop.rules import payout_comparison_figure, settlement_tree
from desktop.rules.figure import Figure
from desktop.rules.payout_comparison import Compared, Given, Got, PaidPeriod, PeriodComparison, Side, SourceCompared
from desktop.store import payout_comparison as found_rows
from desktop.store import payouts as rows
from desktop.store.database import Connection
from desktop.store.facts import TECHNICIANS as TECHNICIAN_ROWS
from desktop.words import say

__all__ = [
    "BETWEEN", "DATED", "Compared", "Paid", "PeriodComparison", "Side", "SourceCompared", "compare", "department_figure", "explain", "figure", "offered",
]  # fmt: skip

DATED = ("settled", "approved")
BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Paid:
    """Two periods compared. ``dated``: runs counted by the day they settle up to, or by the day they were approved (Asia/Shanghai).

    ``findings`` say what is not in it: runs prepared only, runs reversed within their period, runs of other seats, weights not known.
    """

    before: Period
    after: Period
    dated: str
    found: PeriodComparison
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """What ``explain payout`` and the history of papers call it."""
        return f"{self.before.name}{BETWEEN}{self.after.name}"


def compare(workspace: Workspace, before: str, after: str, dated: str = "settled") -> Paid:
    """Set what was paid in two periods side by side (``2025``, ``2025Q3``, ``2025-07``), either one first.

    Only runs that were approved count. One that was reversed does not count in the period that has both it and the run that reverses it;
    counted by the day of approval, a reversal of a later period takes its amounts back there.
    Raises Refused for what is no period, for two that share days, and for one without a run: nothing is known of it then, which is not zero.
    """
    if dated not in DATED:
        raise Refused("payout_comparison.dated", dated=dated, known="|".join(DATED))
    spans = (_period(before), _period(after))
    if spans[0].start < spans[1].end and spans[1].start < spans[0].end:
        raise Refused("payout_comparison.overlap", before=spans[0].name, after=spans[1].name)
    with workspace.read() as connection:
        known = found_rows.in_effect(connection)
        chosen = [_counting(known, span, dated) for span in spans]
        for span, runs in zip(spans, chosen, strict=True):
            if not runs:
                raise Refused("payout_comparison.no_run", period=span.name, dated=f"payout_comparison.dated_by.{dated}")
        people = {one.id: one for one in TECHNICIAN_ROWS.find(connection)}
        sides = [_side(connection, span, runs, people) for span, runs in zip(spans, chosen, strict=True)]
        told = list(_told(connection, spans, dated, known, [run for runs in chosen for run in runs]))
    found = rules.compare(*sides)
    if not found.weighed:
        told.append(finding("payout_comparison.unweighed", "note"))
    away = payout_releases.away(workspace)
    if away:
        told.append(finding("payout_comparison.elsewhere", "warning", n=len(away), runs=say("report.list").join(one.number for one in away)))
    return Paid(*spans, dated, found, tuple(told))


def offered(workspace: Workspace, dated: str = "settled") -> tuple[str, ...]:
    """The months, quarters and years that have a run that counts, each newest first: what can be compared."""
    with workspace.read() as connection:
        known = found_rows.in_effect(connection)
    days = sorted({_day(run, dated) for run in known}, reverse=True)
    names = [periods.month_of(day) for day in days] + [f"{day.year}Q{(day.month + 2) // 3}" for day in days] + [str(day.year) for day in days]
    return tuple(name for name in dict.fromkeys(names) if _counting(known, periods.parse(name), dated))


def explain(workspace: Workspace, key: str) -> Figure:
    """The tree of a difference: ``2024:2025`` of all together, ``2024:2025:T001`` of one person. Raises Refused as ``compare``, and for a stranger."""
    before, _, further = key.partition(BETWEEN)
    after, _, staff_number = further.partition(BETWEEN)
    return figure(compare(workspace, before, after), staff_number.strip())


def figure(paid: Paid, staff_number: str = "") -> Figure:
    """The tree of a comparison that was made: of all together, or of one person. Raises Refused for a staff number that is in neither period."""
    if not staff_number:
        return payout_comparison_figure.whole(paid.found)
    one = next((one for one in paid.found.people if one.staff_number == staff_number), None)
    if one is None:
        known = say("report.list").join(each.staff_number for each in paid.found.people)
        raise Refused("payout_comparison.stranger", staff_number=staff_number, key=paid.key, known=known)
    return payout_comparison_figure.person(paid.found, one)


def department_figure(paid: Paid, name: str) -> Figure:
    """The tree of one department's difference, "" for people without one. Raises Refused for a department that is in neither period."""
    one = next((one for one in paid.found.departments if one.name == name), None)
    if one is None:
        raise Refused("payout_comparison.stranger", staff_number=name, key=paid.key, known="")
    return payout_comparison_figure.person(paid.found, one)


def _period(text: str) -> Period:
    try:
        return periods.parse(text)
    except ValueError as error:
        raise Refused("report.period", period=text) from error


def _day(run: PayoutRun, dated: str) -> date:
    if dated == "approved" and run.approved_at is not None:
        return run.approved_at.replace(tzinfo=UTC).astimezone(SHANGHAI).date()
    return run.to_on


def _counting(known: list[PayoutRun], span: Period, dated: str) -> list[PayoutRun]:
    """The runs of a period; a run and the one that reverses it leave nothing where both are in it."""
    inside = [run for run in known if _day(run, dated) in span]
    keys = {run.id for run in inside}
    undone = {run.reverses for run in inside if run.reverses in keys}
    # Reversed by a run that is not here: nobody has it any more.
    lost = {run.id for run in known if run.state == "reversed"} - {run.reverses for run in known}
    return [run for run in inside if run.id not in undone | lost and run.reverses not in undone]


def _told(
    connection: Connection, spans: tuple[Period, Period], dated: str, known: list[PayoutRun], counted: list[PayoutRun]
) -> Iterator[Finding]:
    names = say("report.list")
    waiting = [run.number for run in found_rows.waiting(connection) if any(run.to_on in span for span in spans)]
    if waiting:
        yield finding("payout_comparison.waiting", "warning", n=len(waiting), runs=names.join(waiting))
    keys = {run.id for run in counted}
    undone = [run.number for run in known if run.id not in keys and any(_day(run, dated) in span for span in spans)]
    if undone:
        yield finding("payout_comparison.undone", "note", n=len(undone), runs=names.join(undone))
    schemes = {run.scheme_id for run in counted}
    if len(schemes) > 1:
        yield finding("payout_comparison.schemes", "note", n=len(schemes))


def _side(connection: Connection, span: Period, runs: list[PayoutRun], people: dict[str, Technician]) -> PaidPeriod:
    got: list[Got] = []
    given: list[Given] = []
    for run in runs:
        written = rows.SCHEMES.get(connection, run.scheme_id)
        if written is None:  # a run waits for its scheme, and schemes are never deleted
            raise Refused("payout.unknown_run", number=run.number)
        scheme = allocation_json.read(written)
        got += _got(connection, run, scheme, people)
        given += _given(connection, run, scheme)
    return PaidPeriod(span.name, tuple(run.number for run in runs), tuple(got), tuple(given), tuple(run.id for run in runs))


def _got(connection: Connection, run: PayoutRun, scheme: Scheme, people: dict[str, Technician]) -> Iterator[Got]:
    behind = found_rows.behind(connection, run.id)
    weighings = {} if run.reverses else settlement_tree.weighings(payout_trees.tree(connection, run))
    for share in rows.SHARES.find(connection, "run_id = ? AND technician_id IS NOT NULL", (run.id,), "position"):
        key = share.technician_id or ""
        person, lines = people.get(key), behind.get(key, found_rows.Behind(0, 0))
        number, department = (person.staff_number, person.department) if person else (key, "")
        one = weighings.get(number)
        if run.reverses:
            yield Got(number, share.name, department, run.number, scheme.name, None, lines.minutes, 0, reversed_fen=share.fen)
        elif one is None:  # its calculation is at another seat: what was left over is in the part by weight
            yield Got(
                number, share.name, department, run.number, scheme.name, scheme.weigh, lines.minutes, None,
                weight_fen=share.fen - lines.back_fen, back_fen=lines.back_fen,
            )  # fmt: skip
        else:
            yield Got(
                number, share.name, department, run.number, scheme.name, scheme.weigh, lines.minutes, one.base, _factor(one.coefficient),
                _factor(one.evaluation), one.quotient_fen, one.remainder_fen, one.back_fen,
            )  # fmt: skip


def _factor(factor: Decimal | None) -> Decimal:
    """A factor the scheme does not use changes nothing."""
    return Decimal(1) if factor is None else factor


def _given(connection: Connection, run: PayoutRun, scheme: Scheme) -> Iterator[Given]:
    """Income and costs of a run, then its receivers in the order of the scheme."""
    yield Given(scheme.name, "income", "", run.income_fen)
    yield Given(scheme.name, "cost", "", run.cost_fen)
    shares = rows.SHARES.find(connection, "run_id = ? AND technician_id IS NULL", (run.id,), "position")
    order = [(one.receiver, one.name) for one in scheme.shares]
    paid = [(TECHNICIANS, next((name for receiver, name in order if receiver == TECHNICIANS), ""), run.pool_fen)]
    paid += [(share.receiver, share.name, share.fen) for share in shares]
    for receiver, name, fen in sorted(paid, key=lambda one: order.index(one[:2]) if one[:2] in order else len(order)):
        yield Given(scheme.name, receiver, name, fen)
