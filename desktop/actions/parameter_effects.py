"""Which figures of this ledger a newer set of rule values would move: each worked out twice by the same actions, once as it is and once
as if the set were taken. Nothing is written.

Figures are compared on each day a new value begins, or today for one that has begun already. Posted money never moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.actions import (
    award,
    benefit,
    duties,
    evaluations,
    fee_building,
    institution,
    integrity,
    management,
    national,
    national_due,
    national_messages,
    payouts,
    performance,
    pilot_view,
    purchases,
    rules_in_force,
    sensor_views,
    staff_facts,
    transfer_candidates,
    university_year,
    voucher_claims,
    vouchers,
)
from desktop.actions.judging import Judge
from desktop.actions.parameter_uses import uses
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.management import RULE_KINDS
from desktop.ledger.parameter import Parameter
from desktop.ledger.problem import Refused
from desktop.rules import national_due as national_due_rules
from desktop.rules.figure import Figure, Value
from desktop.rules.settlement_checks import CAPPED_KIND
from desktop.store import records
from desktop.store import reporting as rows
from desktop.store.facts import INSTRUMENTS
from desktop.store.payouts import SCHEMES
from desktop.words import say

__all__ = ["Effects", "Moved", "figures", "work_out"]

_REVIEWED = ("purchase.required", "purchase.national_required", "purchase.saturation", "purchase.advice")

Place = tuple[str, str, str]
Found = Iterator[tuple[Place, str, Value]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure before and after, on a day. ``use`` is its kind, ``figure`` the code of its words, ``subject`` what it is a figure of
    (asset or record number, year, "" for the institution); ``unit`` as of ``Figure`` (of a state see ``explaining``), or ``problems``: codes with commas."""

    day: date
    use: str
    figure: str
    subject: str
    unit: str
    old: Value
    new: Value

    @property
    def difference(self) -> int | Decimal | None:
        """New − old; days for a date; None when there is none to speak of."""
        if isinstance(self.old, bool) or isinstance(self.new, bool):
            return None
        if isinstance(self.old, int | Decimal) and isinstance(self.new, int | Decimal):
            return self.new - self.old
        if isinstance(self.old, date) and isinstance(self.new, date):
            return (self.new - self.old).days
        return None


@dataclass(frozen=True, slots=True)
class Effects:
    """What would move, and how many figures were compared; ``unused``: keys of the set that no figure of the program hangs on yet."""

    moved: tuple[Moved, ...]
    n_compared: int
    days: tuple[date, ...]
    unused: tuple[str, ...] = ()


def work_out(workspace: Workspace, new: Sequence[Parameter], progress: Progress = UNWATCHED) -> Effects:
    """Compare every figure that hangs on one of these values, without and with them. Raises Cancelled."""
    if not new:
        return Effects((), 0, ())
    other = rules_in_force.supposing(workspace, new)
    wanted = sorted({use for one in new for use in uses(one.key)})
    days = sorted({max(today(), one.from_on) for one in new})
    since = min(one.from_on for one in new)
    steps = [(day, use) for day in days for use in wanted if use in _FIGURES]
    moved: list[Moved] = []
    n_compared = 0
    for n, (day, use) in enumerate(steps):
        progress.report(n, len(steps), "work.comparing")
        progress.check()
        before = _held(figures(workspace, use, day, since), progress)
        after = _held(figures(other, use, day, since), progress)
        n_compared += len(before.keys() | after.keys())
        moved += _differing(day, before, after)
    unused = tuple(sorted({one.key for one in new if not uses(one.key)}))
    return Effects(tuple(_once(moved)), n_compared, tuple(days), unused)


def figures(workspace: Workspace, use: str, day: date, since: date) -> Found:
    """Every figure of one kind as the ledger has it on a day; of years no earlier than that of ``since``."""
    return _FIGURES[use](workspace, day, since)


def _held(found: Found, progress: Progress) -> dict[Place, tuple[str, Value]]:
    told = {}
    for n, (place, unit, value) in enumerate(found):
        if not n % 500:
            progress.check()
        told[place] = (unit, value)
    return told


def _differing(day: date, before: Mapping[Place, tuple[str, Value]], after: Mapping[Place, tuple[str, Value]]) -> Iterator[Moved]:
    for place in {**before, **after}:
        unit = (before.get(place) or after[place])[0]
        old, new = (several[place][1] if place in several else None for several in (before, after))
        if old != new:
            yield Moved(day, *place, unit, old, new)


def _once(moved: Iterable[Moved]) -> Iterator[Moved]:
    """A figure that moves the same way on a later day is told for the first day."""
    told: set[tuple[object, ...]] = set()
    for one in moved:
        same = (one.use, one.figure, one.subject, one.old, one.new)
        if same not in told:
            told.add(same)
            yield one


def _years(workspace: Workspace, day: date, since: date) -> list[int]:
    """The calendar years up to a day that a value from ``since`` can still reach: their reports are dated no later than their last day."""
    with workspace.read() as connection:
        first = rows.first_year(connection)
    return [] if first is None else list(range(max(first, since.year), day.year + 1))


def _duties(workspace: Workspace, day: date, since: date) -> Found:
    for one in duties.every(workspace, day):
        yield ("duty", "parameter_effect.duty_state", one.asset_number), "state", one.state
        yield ("duty", "parameter_effect.duty_deadline", one.asset_number), "date", one.deadline


def _problems(workspace: Workspace, day: date, since: date) -> Found:
    with workspace.read() as connection:
        found = records.drafts(connection)
        judge = Judge(connection, {one.instrument_id for one in found})
        for record in found:
            codes = sorted({told.code for told in judge.findings(record) if told.severity != "note"})
            yield ("problem", "parameter_effect.problems", record.number), "problems", ",".join(codes)


def _performance(workspace: Workspace, day: date, since: date) -> Found:
    for year in _years(workspace, day, since):
        period = periods.parse(str(year))
        found = performance.year(workspace, period, min(period.last_day, day))
        whole, name = found.whole, period.name
        for figure in (whole.effective, whole.external, whole.sharing_rate, whole.utilisation, whole.hours_score, *found.means.values(), *found.alike.values()):
            yield _plain("performance", figure, name)
        for figure in found.nation.values():
            yield _plain("performance", figure, name)
        for one, measured in found.sets:
            for figure in (measured.utilisation, measured.hours_score):
                yield _plain("performance", figure, f"{one.asset_number} {name}")


def _academic(workspace: Workspace, day: date, since: date) -> Found:
    for first in {day.year - 1, day.year}:
        name = f"{first}-{first + 1}"
        try:
            period = performance.span(workspace, name)
        except Refused:
            yield ("academic", "parameter_effect.academic_year", name), "text", None
            continue
        yield ("academic", "parameter_effect.academic_year", name), "text", f"{period.start} – {period.last_day}"
        found = performance.year(workspace, period, min(period.last_day, day))
        for figure in (found.whole.effective, found.whole.external):
            yield _plain("academic", figure, name)


def _benefit(workspace: Workspace, day: date, since: date) -> Found:
    """Scores of the calendar years, and of the two academic years about the day, for which counts are entered as well."""
    names = [*map(str, _years(workspace, day, since)), f"{day.year - 1}-{day.year}", f"{day.year}-{day.year + 1}"]
    for name in names:
        try:
            period = performance.span(workspace, name)
        except Refused:  # no first month of the academic year is in force
            continue
        for one in benefit.year(workspace, period, min(period.last_day, day)).sets:
            subject = f"{one.one.asset_number} {name}"
            yield _plain("benefit", one.score.total, subject)
            yield _plain("benefit", one.score.figure, subject)
            yield ("benefit", "parameter_effect.benefit_reported", subject), "", one.reportable


def _university(workspace: Workspace, day: date, since: date) -> Found:
    """Which sets belong into SJ3 of the academic years that a value from ``since`` reaches: those begun by the day whose last day is not before it."""
    for first in range(min([day.year, *_years(workspace, day, since)]) - 1, day.year + 1):
        name = f"{first}-{first + 1}"
        try:
            period = performance.span(workspace, name)
        except Refused:  # no first month of the academic year is in force
            continue
        if period.start > day or period.last_day < since:
            continue
        found = university_year.judge(workspace, period, day)
        yield ("university", "parameter_effect.sj3_sets", name), "count", len(found.valuable)
        for one in found.lines:
            yield ("university", "parameter_effect.sj3_set", f"{one.instrument.asset_number} {name}"), "", one.valuable


def _integrity(workspace: Workspace, day: date, since: date) -> Found:
    for year in _years(workspace, day, since):
        period = periods.parse(str(year))
        for check in integrity.self_check(workspace, period, min(period.last_day, day), integrity.LIMITS).checks:
            yield _plain("integrity", check.figure, period.name)


def _transfer(workspace: Workspace, day: date, since: date) -> Found:
    for year in _years(workspace, day, since):
        period = periods.parse(str(year))
        for one in transfer_candidates.year(workspace, period, min(period.last_day, day)).judged:
            found, subject = one.assessment, f"{one.use.asset_number} {year}"
            yield _plain("transfer", found.figure, subject)
            for test in found.tests:
                yield _plain("transfer", test.figure, subject)
            supervised = next((part for part in found.figure.inputs if part.code == "transfer.supervised_to"), None)
            if supervised is not None:
                yield _plain("transfer", supervised, subject)


def _award(workspace: Workspace, day: date, since: date) -> Found:
    # Applied for in the year after: last year's amount by the rules of the day.
    found = award.year(workspace, day.year - 1, day)
    for figure in (found.estimate, *found.estimate.inputs):
        yield _plain("award", figure, str(found.year))


def _pilot(workspace: Workspace, day: date, since: date) -> Found:
    for seen in pilot_view.bases(workspace, day, ended=False):
        for figure in seen.judged.figure.inputs:
            yield _plain("pilot", figure, seen.base.number)
    for served in pilot_view.services(workspace, day.year - 1, day):
        for figure in (served.estimate, *served.estimate.inputs[1:]):
            yield _plain("pilot", figure, served.base.number)


def _cost(workspace: Workspace, day: date, since: date) -> Found:
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, "value_fen IS NOT NULL AND retired_on IS NULL")
    for instrument in found:
        for _, figure in fee_building.suggested(instrument, known, day):
            yield _plain("cost", figure, instrument.asset_number)


def _payout(workspace: Workspace, day: date, since: date) -> Found:
    if institution.get(workspace).kind != CAPPED_KIND:
        return
    with workspace.read() as connection:
        names = sorted({scheme.name for scheme in SCHEMES.find(connection)})
    for name in names:
        try:
            yield ("payout", "payout.pool", name), "fen", payouts.preview(workspace, day, name).pool_fen
        except Refused:  # no run can be made by it now: it has no pool that could move
            continue


def _review(workspace: Workspace, day: date, since: date) -> Found:
    """Purchases that nobody has settled and that a value from ``since`` reaches; a settled one stays as it was judged."""
    for proposal in purchases.every(workspace):
        if proposal.state != "draft" or proposal.proposed_on < since:
            continue
        for part in purchases.view(workspace, proposal.number).figure.walk():
            if part.code in _REVIEWED:
                place = ("review", part.code, proposal.number)
                yield place, "text", say(f"purchase.state.{part.value}")
            elif part.code == "purchase.candidates":
                yield _plain("review", part, proposal.number)
            elif part.code == "purchase.candidate":
                yield ("review", "purchase.likeness", f"{proposal.number} {dict(part.params)['number']}"), part.unit, part.value


def _effect(workspace: Workspace, day: date, since: date) -> Found:
    for year in _years(workspace, day, since):
        for figure in national_messages.effect(workspace, periods.parse(str(year)), day)[0].figure.inputs:
            yield _plain("effect", figure, str(year))


def _voucher(workspace: Workspace, day: date, since: date) -> Found:
    """What each use of these years gets; what a claim holds is fixed and stays."""
    for year in _years(workspace, day, since):
        for grant in vouchers.year(workspace, year).grants:
            yield _plain("voucher", grant.figure, grant.use.number)
            if grant.top_up is not None:
                yield _plain("voucher", grant.top_up, grant.use.number)


def _sensor(workspace: Workspace, day: date, since: date) -> Found:
    """What sensors saw against what is claimed; sessions stay as they were folded, so limits of power move nothing that is here."""
    for year in _years(workspace, day, since):
        period = periods.parse(str(year))
        found = sensor_views.overview(workspace, period, min(period.last_day, day))
        for figure in (found.coverage, *found.coverage.inputs[:3]):
            yield _plain("sensor", figure, str(year))
        for one in found.lines:
            yield _plain("sensor", one.reconciled.figure, f"{one.instrument.asset_number} {year}")


def _papers(workspace: Workspace, day: date, since: date) -> Found:
    for claim, stands in voucher_claims.claims(workspace):
        if stands.state == "draft" and since.year <= claim.year <= day.year:
            papers = voucher_claims.show(workspace, claim.number).papers
            lacking = sum(state == "missing" for one in papers for _, state in one.papers)
            yield ("papers", "parameter_effect.papers", claim.number), "count", lacking


def _ratings(workspace: Workspace, day: date, since: date) -> Found:
    for year in _years(workspace, day, since):
        yield _plain("rating", evaluations.ratings(workspace, str(year), on=day).satisfied, str(year))


def _evaluation(workspace: Workspace, day: date, since: date) -> Found:
    yield ("evaluation", "parameter_effect.evaluated_year", ""), "text", performance.evaluated(workspace, day)


def _management(workspace: Workspace, day: date, since: date) -> Found:
    """How each kind and each agreement of the checklist stands, and how many of the required ones are in force."""
    found = management.checklist(workspace, day)
    yield ("management", "parameter_effect.required_in_force", ""), found.figure.unit, found.figure.value
    for entry in (*(found.required or ()), *found.others, *found.agreements):
        subject = say(f"management.kinds.{entry.kind}") + (f" {entry.document.party}" if entry.document and entry.document.party else "")
        yield ("management", "parameter_effect.document_state", subject), "text", say(f"management.state.{entry.state}")
    wanted = None if found.required is None else {entry.kind for entry in found.required}
    for kind in RULE_KINDS:
        yield ("management", "parameter_effect.document_required", say(f"management.kinds.{kind}")), "", None if wanted is None else kind in wanted


def _staff(workspace: Workspace, day: date, since: date) -> Found:
    for held in staff_facts.every(workspace, day):
        for one, state in zip(held.facts, held.states, strict=True):
            if one.kind == "certificate":
                subject = f"{held.person.staff_number} {one.value} {one.from_on}"
                yield ("staff", "parameter_effect.certificate_state", subject), "text", say(f"staff.state.{state}")


def _national(workspace: Workspace, day: date, since: date) -> Found:
    for form in national.judge(workspace, on=day).forms:
        over = any(told.code == "national.supervision_over" for told in form.findings)
        yield ("national", "parameter_effect.supervision_over", form.shown.asset_number), "", over


def _national_due(workspace: Workspace, day: date, since: date) -> Found:
    for line in national_due.sets(workspace, day):
        report, subject = line.report, line.instrument.asset_number
        yield ("national_due", "national_due.state", subject), "state", report.state
        yield ("national_due", "national_due.deadline", subject), "date", report.deadline.day if report.deadline else None


def _national_spans(workspace: Workspace, day: date, since: date) -> Found:
    known = rules_in_force.of(workspace)
    for year in _years(workspace, day, since):
        spans = national_due_rules.spans(year, known)
        yield ("national_spans", "parameter_effect.spans", str(year)), "text", " ".join(one.name for one in spans) or None


def _plain(use: str, figure: Figure, subject: str) -> tuple[Place, str, Value]:
    return (use, figure.code, subject), figure.unit, figure.value


_FIGURES: dict[str, Callable[[Workspace, date, date], Found]] = {
    "duty": _duties,
    "problem": _problems,
    "performance": _performance,
    "academic": _academic,
    "benefit": _benefit,
    "university": _university,
    "integrity": _integrity,
    "transfer": _transfer,
    "award": _award,
    "pilot": _pilot,
    "cost": _cost,
    "payout": _payout,
    "review": _review,
    "effect": _effect,
    "voucher": _voucher,
    "papers": _papers,
    "sensor": _sensor,
    "rating": _ratings,
    "evaluation": _evaluation,
    "management": _management,
    "staff": _staff,
    "national": _national,
    "national_due": _national_due,
    "national_spans": _national_spans,
}
KINDS = frozenset(_FIGURES)
"""The uses whose figures are compared."""
