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
    duties,
    fee_building,
    institution,
    integrity,
    management,
    national,
    national_due,
    national_messages,
    payouts,
    performance,
    purchases,
    rules_in_force,
    sensor_views,
    staff_facts,
    transfer_candidates,
    voucher_claims,
    vouchers,
)
from desktop.actions.judging import Judge
from desktop.actions.parameter_uses import uses
from desktop.actions.parameter_yearly import (
    Found,
    Place,
    academic,
    benefits,
    calendar_years,
    either,
    pilots,
    plain,
    ratings,
    university,
    yearly_performance,
)
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.management import RULE_KINDS
from desktop.ledger.parameter import Parameter
from desktop.ledger.problem import Refused
from desktop.rules import national_due as national_due_rules
from desktop.rules.figure import Value
from desktop.rules.settlement_checks import CAPPED_KIND
from desktop.store import records
from desktop.store.facts import INSTRUMENTS
from desktop.store.payouts import SCHEMES
from desktop.words import say

__all__ = ["Effects", "Moved", "figures", "work_out"]

_REVIEWED = ("purchase.required", "purchase.national_required", "purchase.saturation", "purchase.advice")


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


def _integrity(workspace: Workspace, day: date, since: date) -> Found:
    for year in calendar_years(workspace, day, since):
        period = periods.parse(str(year))
        for check in integrity.self_check(workspace, period, min(period.last_day, day), integrity.LIMITS).checks:
            yield plain("integrity", check.figure, period.name)


def _transfer(workspace: Workspace, day: date, since: date) -> Found:
    for period in either(workspace, day, since):
        found = transfer_candidates.year(workspace, period, min(period.last_day, day))
        for one in found.judged:
            judged, subject = one.assessment, f"{one.use.asset_number} {period.name}"
            yield plain("transfer", judged.figure, subject)
            for test in judged.tests:
                yield plain("transfer", test.figure, subject)
            supervised = next((part for part in judged.figure.inputs if part.code == "transfer.supervised_to"), None)
            if supervised is not None:
                yield plain("transfer", supervised, subject)


def _award(workspace: Workspace, day: date, since: date) -> Found:
    # Applied for in the year after: last year's amount by the rules of the day, and the running year's, which is explained by them as well.
    for of in (day.year - 1, day.year):
        found = award.year(workspace, of, day)
        for figure in (found.estimate, *found.estimate.inputs):
            yield plain("award", figure, str(found.year))


def _cost(workspace: Workspace, day: date, since: date) -> Found:
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, "value_fen IS NOT NULL AND retired_on IS NULL")
    for instrument in found:
        for _, figure in fee_building.suggested(instrument, known, day):
            yield plain("cost", figure, instrument.asset_number)


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
                yield plain("review", part, proposal.number)
            elif part.code == "purchase.candidate":
                yield ("review", "purchase.likeness", f"{proposal.number} {dict(part.params)['number']}"), part.unit, part.value


def _effect(workspace: Workspace, day: date, since: date) -> Found:
    for year in calendar_years(workspace, day, since):
        for figure in national_messages.effect(workspace, periods.parse(str(year)), day)[0].figure.inputs:
            yield plain("effect", figure, str(year))


def _voucher(workspace: Workspace, day: date, since: date) -> Found:
    """What each use of these years gets; what a claim holds is fixed and stays."""
    for year in calendar_years(workspace, day, since):
        for grant in vouchers.year(workspace, year).grants:
            yield plain("voucher", grant.figure, grant.use.number)
            if grant.top_up is not None:
                yield plain("voucher", grant.top_up, grant.use.number)


def _sensor(workspace: Workspace, day: date, since: date) -> Found:
    """What sensors saw against what is claimed; sessions stay as they were folded, so limits of power move nothing that is here."""
    for year in calendar_years(workspace, day, since):
        period = periods.parse(str(year))
        found = sensor_views.overview(workspace, period, min(period.last_day, day))
        for figure in (found.coverage, *found.coverage.inputs[:3]):
            yield plain("sensor", figure, str(year))
        for one in found.lines:
            subject = f"{one.instrument.asset_number} {year}"
            yield plain("sensor", one.reconciled.figure, subject)
            yield ("sensor", "parameter_effect.to_check", subject), "count", sum(each.kind == "service_record" for each in one.reconciled.findings)


def _papers(workspace: Workspace, day: date, since: date) -> Found:
    for claim, stands in voucher_claims.claims(workspace):
        if stands.state == "draft" and since.year <= claim.year <= day.year:
            papers = voucher_claims.show(workspace, claim.number).papers
            lacking = sum(state == "missing" for one in papers for _, state in one.papers)
            yield ("papers", "parameter_effect.papers", claim.number), "count", lacking


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
    for year in calendar_years(workspace, day, since):
        spans = national_due_rules.spans(year, known)
        yield ("national_spans", "parameter_effect.spans", str(year)), "text", " ".join(one.name for one in spans) or None


_FIGURES: dict[str, Callable[[Workspace, date, date], Found]] = {
    "duty": _duties,
    "problem": _problems,
    "performance": yearly_performance,
    "academic": academic,
    "benefit": benefits,
    "university": university,
    "integrity": _integrity,
    "transfer": _transfer,
    "award": _award,
    "pilot": pilots,
    "cost": _cost,
    "payout": _payout,
    "review": _review,
    "effect": _effect,
    "voucher": _voucher,
    "papers": _papers,
    "sensor": _sensor,
    "rating": ratings,
    "evaluation": _evaluation,
    "management": _management,
    "staff": _staff,
    "national": _national,
    "national_due": _national_due,
    "national_spans": _national_spans,
}
KINDS = frozenset(_FIGURES)
"""The uses whose figures are compared."""
