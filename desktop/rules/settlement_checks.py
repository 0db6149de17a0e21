"""What forbids a payout run, and what its approver should know. Findings only; the calculation is in ``settlement``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from desktop.ledger import money
from desktop.ledger.allocation import COST_KINDS, CostPart, CostRow, Scheme
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.parameter import Parameter
from desktop.ledger.people import Technician
from desktop.rules import parameters, schemes
from desktop.rules.settlement_lines import Sorted
from desktop.rules.waterfall import Waterfall

CAP_KEY = "payout.technician_share_cap"
CAPPED_KIND = "enterprise"


def refusals(
    to_on: date,
    scheme: Scheme,
    institution_kind: str,
    costs: Sequence[CostPart] | None,
    technicians: Sequence[Technician],
    cap: Parameter | None,
    found: Sorted,
    evaluated: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Everything wrong with what a run is made from; an ``error`` among it forbids the run. ``evaluated``: technicians with a factor in force."""
    told = [*schemes.faults(scheme), *found.findings]
    if scheme.from_on > to_on:
        told.append(finding("payout.scheme_not_in_force", kind="scheme", key=scheme.id, scheme=scheme.name, day=scheme.from_on))
    if institution_kind == CAPPED_KIND and cap is None:
        told.append(parameters.missing(CAP_KEY, to_on))
    told += _people(scheme, technicians, found)
    told += _evaluations(to_on, scheme, technicians, found, evaluated)
    told += _costs(costs, to_on)
    if not (found.present or found.back or found.cancelled):
        basis, waiting, left_out = f"payout.basis.{scheme.basis}", len(found.waiting), len(found.left_out)
        told.append(finding("payout.nothing_to_settle", to=to_on, basis=basis, n_waiting=waiting, n_left_out=left_out))
    return tuple(told)


def _costs(costs: Sequence[CostPart] | None, to_on: date) -> Iterator[Finding]:
    if not costs:
        yield finding("payout.no_cost_statement", to=to_on)
        return
    for key, n in Counter(part.row.id for part in costs).items():
        if n > 1:
            yield finding("payout.cost_twice", kind="cost_row", key=key)
    yield from _alike([part.row for part in costs])
    for part in costs:
        row = part.row
        yield from cost_faults(row)
        if row.period_from > to_on:
            yield _cost(row, "payout.cost_after", to=to_on, day=row.period_from)
        elif part.left_fen > 0:
            yield _cost(
                row, "payout.cost_part", "note", to=to_on, start=row.period_from, end=row.period_to, days=part.days, n_days=row.n_days,
                whole=money.text(row.fen), yuan=money.text(part.fen), left=money.text(part.left_fen),
            )  # fmt: skip


def _alike(rows: Sequence[CostRow]) -> Iterator[Finding]:
    """The same cost declared twice, as by two people: it would be deducted twice. Two bills of one day may be alike, so it is told, not refused."""
    several: dict[tuple[object, ...], list[CostRow]] = defaultdict(list)
    for row in {row.id: row for row in rows if row.fen}.values():
        several[row.kind, row.instrument_id, row.period_from, row.period_to, row.fen, compared(row.document)].append(row)
    for same in several.values():
        if len(same) > 1:
            one = same[0]
            yield _cost(
                one, "payout.cost_alike", "warning", n=len(same), cost_kind=f"payout.cost_kinds.{one.kind}", start=one.period_from, end=one.period_to,
                yuan=money.text(one.fen), document=one.document or "—",
            )  # fmt: skip


def cost_faults(row: CostRow) -> Iterator[Finding]:
    """What is wrong with one row of a cost statement, whatever run it goes into."""
    if row.kind not in COST_KINDS:
        yield _cost(
            row, "payout.cost_kind", cost_kind=row.kind, kinds="|".join(f"payout.cost_kinds.{kind}" for kind in COST_KINDS)
        )
    if row.fen < 0 or (row.kind == "none" and row.fen):
        yield _cost(row, "payout.cost_amount", yuan=money.text(row.fen))
    if row.period_to < row.period_from:
        yield _cost(row, "payout.cost_period", start=row.period_from, end=row.period_to)
    if row.fen and not row.document.strip():
        yield _cost(row, "payout.cost_document", "warning", yuan=money.text(row.fen))


def _cost(row: CostRow, code: str, severity: Severity = "error", **params: object) -> Finding:
    told = tuple((name, str(value)) for name, value in params.items())
    return Finding(code, severity, told, kind="cost_row", key=row.id)


def _people(scheme: Scheme, technicians: Sequence[Technician], found: Sorted) -> Iterator[Finding]:
    known = {technician.id for technician in technicians}
    needed = {str(line.technician_id) for line in found.present}
    needed |= {str(line.technician_id) for pair in found.cancelled for line in pair}
    needed |= {original.technician_id for _, original in found.back}
    for key in sorted(needed - known):
        yield finding("payout.unknown_technician", kind="technician", key=key)
    if scheme.remainder_to not in {technician.staff_number for technician in technicians}:
        yield finding("payout.remainder_unknown", kind="scheme", key=scheme.id, staff_number=scheme.remainder_to)
    if scheme.use_coefficient:
        for technician in technicians:
            if technician.coefficient < 0:
                yield finding(
                    "payout.negative_factor",
                    kind="technician",
                    key=technician.id,
                    staff_number=technician.staff_number,
                    factor=technician.coefficient,
                )


def _evaluations(
    to_on: date, scheme: Scheme, technicians: Sequence[Technician], found: Sorted, evaluated: Collection[str]
) -> Iterator[Finding]:
    """Who is weighed without an evaluation in force, where the scheme takes the factors from the facts: unknown is not 1."""
    if not scheme.evaluation_facts:
        return
    weighed = {line.technician_id for line in found.present}
    for technician in technicians:
        if technician.id in weighed and technician.id not in evaluated:
            yield finding(
                "payout.no_evaluation", kind="technician", key=technician.id, name=technician.name, staff_number=technician.staff_number, day=to_on
            )


def no_weights(pool_fen: int) -> Finding:
    """There is money to divide, but every weight is zero."""
    return finding("payout.no_weights", yuan=money.text(pool_fen))


def remarks(scheme: Scheme, found: Sorted, waterfall: Waterfall, people: Sequence[tuple[Technician, int]]) -> tuple[Finding, ...]:
    """What the approver should know of a run that can be paid; ``people``: each technician with their fen."""
    told = []
    if waterfall.net_fen < 0:
        told.append(finding("payout.loss", "warning", yuan=money.text(-waterfall.net_fen)))
    for step in waterfall.steps:
        if step.limited == "law":
            told.append(finding("payout.law_cap_reached", "note", asked=money.text(step.asked_fen), yuan=money.text(step.fen)))
        elif step.limited == "rest" and waterfall.net_fen > 0:
            told.append(
                finding(
                    "payout.share_limited", "warning", share=step.share.name,
                    asked=money.text(step.asked_fen), yuan=money.text(step.fen),
                )
            )  # fmt: skip
    for technician, fen in people:
        if fen < 0:
            told.append(
                finding(
                    "payout.negative_share", "warning", kind="technician", key=technician.id,
                    name=technician.name, staff_number=technician.staff_number, yuan=money.text(-fen),
                )
            )  # fmt: skip
    for line in found.waiting:
        kind = "receipt" if line.receipt_id else "posting"
        told.append(finding("payout.no_operator", "warning", kind=kind, key=line.key, record=line.record_number))
    n_late = sum(line.late for line in found.present)
    if n_late:
        told.append(finding("payout.late", "note", n=n_late))
    return (*told, *_internal(scheme, found))


def _internal(scheme: Scheme, found: Sorted) -> Iterator[Finding]:
    """What becomes of internal services: left out by the scheme, or of months settled before, when a scheme may have left them out."""
    if found.left_out:
        yuan = money.text(sum(line.amount_fen for line in found.left_out))
        if scheme.include_internal:
            yield finding(
                "payout.internal_before", "note", n=len(found.left_out), yuan=yuan, scheme=scheme.name, day=scheme.internal_from
            )
        else:
            yield finding("payout.internal_left_out", "note", n=len(found.left_out), yuan=yuan, scheme=scheme.name)
    late = [line for line in found.present if line.late and not line.external]
    if late:
        yuan = money.text(sum(line.amount_fen for line in late))
        yield finding("payout.internal_late", "warning", n=len(late), yuan=yuan, month=min(line.month for line in late))


def rest(found: Sorted, divided_fen: int) -> tuple[Finding, ...]:
    """What reversed lines had brought out of other technicians' parts: divided with the pool, or left with the unit."""
    whole = sum(original.from_others_fen for _, original in found.back)
    told = []
    if divided_fen:
        told.append(finding(f"payout.rest_{'back' if divided_fen > 0 else 'borne'}", "note", yuan=money.text(abs(divided_fen))))
    if whole != divided_fen:
        code = "payout.rest_kept" if whole > divided_fen else "payout.rest_lost"
        told.append(finding(code, "warning", yuan=money.text(abs(whole - divided_fen))))
    return tuple(told)


def other_heir(staff_number: str, heir: Technician, remainder_fen: int) -> tuple[Finding, ...]:
    """The person named for the remainder does not share in this pool: who gets it instead."""
    if heir.staff_number == staff_number:
        return ()
    return (
        finding(
            "payout.remainder_elsewhere", "warning", staff_number=staff_number, name=heir.name, yuan=money.text(remainder_fen)
        ),
    )
