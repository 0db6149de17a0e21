"""The payout run: everything unsettled up to a day → income − declared costs → scheme → technicians, to the fen (clause 10).

Pure: it is given the lines, the cost statement, the scheme and the people, and returns a ``Settlement``, or the findings that
forbid one. The steps, in order:

1. lines are sorted (``settlement_lines``); income is what the present lines bring, less what is taken back;
2. the shares of the scheme run over (present income − costs); a loss pays nobody and stays with the unit;
3. an enterprise's technicians get at most the legal rate of (income − costs), reversals included, never rounded up;
4. the pool is divided by weights, whole fen each; the fen left over go to the person the scheme names;
5. each technician's part is attributed to the lines behind it; what was settled earlier and reversed since is taken back
   at the fen attributed then, so that a technician's sum can be negative (a deduction): shown, with a warning;
6. what such a line had brought its technician out of the other technicians' parts is theirs again: it joins the pool
   before the pool is divided (docs/decisions/0013).

What no receiver gets is kept by the unit, so that Σ of everything = income − costs exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.allocation import TECHNICIANS, CostPart, Scheme, SettlementLine
from desktop.ledger.finding import Finding
from desktop.ledger.parameter import Parameter
from desktop.ledger.people import Technician
from desktop.rules import settlement_checks
from desktop.rules.settlement_lines import Sorted, sort_lines
from desktop.rules.splitting import Split, split, spread
from desktop.rules.waterfall import Waterfall, at_most, flow

CAP_KEY = settlement_checks.CAP_KEY


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The factor of a technician's evaluation that is in force on a run's last day, and since when."""

    technician_id: str
    factor: Decimal
    from_on: date


@dataclass(frozen=True, slots=True)
class RunInput:
    """What a run is made from. ``lines``: all unsettled ones; ``costs``: this run's parts of the declared statement, None without one.

    ``evaluated``: the evaluations in force on ``to_on``; they are read only by a scheme with ``evaluation_facts``.
    ``cap`` is ``payout.technician_share_cap`` in force on ``to_on``; it binds only when ``institution_kind`` is ``enterprise``.
    """

    to_on: date
    scheme: Scheme
    institution_kind: str
    lines: tuple[SettlementLine, ...]
    costs: tuple[CostPart, ...] | None
    technicians: tuple[Technician, ...]
    cap: Parameter | None = None
    evaluated: tuple[Evaluated, ...] = ()


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one line brought its technician, in fen; negative when it is taken back, 0 for a line cancelled by its reversal."""

    line: SettlementLine
    fen: int


@dataclass(frozen=True, slots=True)
class TechnicianShare:
    """A technician's part: ``quotient_fen`` of the pool, ``remainder_fen`` left over by rounding, ``back_fen`` taken back (≤ 0).

    ``weight`` = ``weight_base`` (fen, minutes or 1) × ``coefficient`` × ``evaluation``; Σ of the lines is ``fen``.
    """

    technician: Technician
    weight_base: int
    coefficient: Decimal
    evaluation: Decimal
    weight: Fraction
    quotient_fen: int
    remainder_fen: int
    back_fen: int
    lines: tuple[LineShare, ...]

    @property
    def fen(self) -> int:
        """What the technician is paid; negative: is deducted."""
        return self.quotient_fen + self.remainder_fen + self.back_fen


@dataclass(frozen=True, slots=True)
class ReceiverShare:
    """What another receiver gets (``fen`` ≥ 0), or gives back for lines reversed since (``fen`` < 0)."""

    receiver: str
    name: str
    fen: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A calculated run. ``income_fen`` = Σ present lines + Σ lines taken back; the pool is what all technicians get together.

    ``divided_fen`` is what was divided by weights: the technicians' share of the present income with ``rest_fen``.
    ``income_fen − cost_fen`` = ``pool_fen`` + Σ receivers + ``kept_fen``. ``findings`` are warnings and notes for the approver.
    """

    run: RunInput
    sorted: Sorted
    waterfall: Waterfall
    law_fen: int | None
    divided_fen: int
    technicians: tuple[TechnicianShare, ...]
    receivers: tuple[ReceiverShare, ...]
    findings: tuple[Finding, ...]

    @property
    def back_fen(self) -> int:
        """Income taken back (≤ 0)."""
        return sum(line.amount_fen for line, _ in self.sorted.back)

    @property
    def income_fen(self) -> int:
        """The income of the run."""
        return self.waterfall.gross_fen + self.back_fen

    @property
    def cost_fen(self) -> int:
        """The declared costs."""
        return self.waterfall.cost_fen

    @property
    def net_fen(self) -> int:
        """Income − costs; negative: a loss."""
        return self.income_fen - self.cost_fen

    @property
    def pool_fen(self) -> int:
        """Σ of the technicians' shares."""
        return sum(share.fen for share in self.technicians)

    @property
    def kept_fen(self) -> int:
        """What the unit keeps; negative: what it bears. It is ``waterfall.kept_fen`` + ``borne_fen`` + ``rest_kept_fen``."""
        return self.net_fen - self.pool_fen - sum(share.fen for share in self.receivers)

    @property
    def rest_fen(self) -> int:
        """What the lines taken back had brought their technicians out of the other technicians' parts (negative: to them)."""
        return sum(original.from_others_fen for _, original in self.sorted.back)

    @property
    def rest_kept_fen(self) -> int:
        """The part of ``rest_fen`` that could not be divided: nobody has a weight, the legal limit, or less than nothing."""
        return self.rest_fen - (self.divided_fen - self.waterfall.pool_fen)

    @property
    def borne_fen(self) -> int:
        """What the income taken back had carried and nobody gives back: its part of the costs, and what the unit had kept (≤ 0)."""
        return self.kept_fen - self.waterfall.kept_fen - self.rest_kept_fen


def settle(run: RunInput) -> Settlement | tuple[Finding, ...]:
    """Calculate a run, or say why it cannot be calculated (at least one finding of severity ``error``)."""
    found = sort_lines(run.lines, run.to_on, run.scheme)
    evaluated = {one.technician_id for one in run.evaluated}
    told = settlement_checks.refusals(run.to_on, run.scheme, run.institution_kind, run.costs, run.technicians, run.cap, found, evaluated)
    if any(one.severity == "error" for one in told):
        return told
    gross = sum(line.amount_fen for line in found.present)
    cost = sum(part.fen for part in run.costs or ())
    law = _legal_limit(run, found, gross - cost)
    waterfall = flow(gross, cost, run.scheme.shares, law)
    people = {technician.id: technician for technician in run.technicians}
    weights = _weights(run, found.present, people)
    if waterfall.pool_fen and not any(weight.value for weight in weights.values()):
        return (*told, settlement_checks.no_weights(waterfall.pool_fen))
    divided = _divided(waterfall.pool_fen, found, weights, _whole_limit(run, found, gross - cost))
    cut = split(divided, {key: weight.value for key, weight in weights.items()})
    heir = _heir(run.scheme.remainder_to, weights, people)
    technicians = _technicians(run.scheme, found, people, weights, cut, heir)
    receivers = _receivers(waterfall, found)
    told += settlement_checks.remarks(run.scheme, found, waterfall, tuple((share.technician, share.fen) for share in technicians))
    told += settlement_checks.rest(found, divided - waterfall.pool_fen)
    if cut.remainder and heir is not None:
        told += settlement_checks.other_heir(run.scheme.remainder_to, people[heir], cut.remainder)
    return Settlement(run, found, waterfall, law, divided, technicians, receivers, told)


def _legal_limit(run: RunInput, found: Sorted, present_net: int) -> int | None:
    """The most the technicians' share of the present income may be."""
    whole = _whole_limit(run, found, present_net)
    return None if whole is None or run.cap is None else min(at_most(run.cap.decimal, present_net), whole)


def _whole_limit(run: RunInput, found: Sorted, present_net: int) -> int | None:
    """The most the technicians may divide now: reversed income lowers the limit, what is taken back from them raises it."""
    if run.institution_kind != settlement_checks.CAPPED_KIND or run.cap is None:
        return None
    taken_back = sum(original.fen for _, original in found.back)
    whole_net = present_net + sum(line.amount_fen for line, _ in found.back)
    return at_most(run.cap.decimal, whole_net) + taken_back


def _divided(share: int, found: Sorted, weights: Mapping[str, _Weight], limit: int | None) -> int:
    """What is divided by weights: the share with what lines taken back had brought out of other technicians' parts.

    Nobody is charged for another's reversed service beyond the share, and the legal limit holds; without weights nothing is divided.
    """
    rest = sum(original.from_others_fen for _, original in found.back)
    if not rest or not any(weight.value for weight in weights.values()):
        return share
    wanted = max(0, share + rest)
    return wanted if limit is None else min(wanted, limit)


@dataclass(frozen=True, slots=True)
class _Weight:
    base: int
    coefficient: Decimal
    evaluation: Decimal

    @property
    def value(self) -> Fraction:
        return self.base * Fraction(self.coefficient) * Fraction(self.evaluation)


def _weights(run: RunInput, present: Sequence[SettlementLine], people: Mapping[str, Technician]) -> dict[str, _Weight]:
    scheme = run.scheme
    bases: dict[str, int] = defaultdict(int)
    for line in present:
        key = str(line.technician_id)
        bases[key] = (
            1 if scheme.weigh == "equal" else bases[key] + (line.minutes if scheme.weigh == "minutes" else line.amount_fen)
        )
    written = dict(scheme.evaluations)
    in_force = {one.technician_id: one.factor for one in run.evaluated} if scheme.evaluation_facts else {}
    one = Decimal(1)
    return {
        key: _Weight(
            base,
            people[key].coefficient if scheme.use_coefficient else one,
            in_force.get(key, written.get(people[key].staff_number, one)),
        )
        for key, base in bases.items()
    }


def _heir(staff_number: str, weights: Mapping[str, _Weight], people: Mapping[str, Technician]) -> str | None:
    """Who gets the fen left over: the person named if they share in the pool, else the one with the largest weight."""
    if not weights:
        return None
    return min(weights, key=lambda key: (people[key].staff_number != staff_number, -weights[key].value, people[key].staff_number))


def _technicians(
    scheme: Scheme, found: Sorted, people: Mapping[str, Technician], weights: Mapping[str, _Weight], cut: Split, heir: str | None
) -> tuple[TechnicianShare, ...]:
    mine: dict[str, list[SettlementLine]] = defaultdict(list)
    for line in found.present:
        mine[str(line.technician_id)].append(line)
    lines: dict[str, list[LineShare]] = defaultdict(list)
    for key, own in mine.items():
        fen = cut.parts[key] + (cut.remainder if key == heir else 0)
        parts = spread(fen, {line.key: line.minutes if scheme.weigh == "minutes" else line.amount_fen for line in own})
        lines[key] += [LineShare(line, parts[line.key]) for line in own]
    for first, second in found.cancelled:
        lines[str(first.technician_id)] += [LineShare(first, 0), LineShare(second, 0)]
    back: dict[str, int] = defaultdict(int)
    for line, original in found.back:
        lines[original.technician_id].append(LineShare(line, -original.fen))
        back[original.technician_id] -= original.fen
    nothing = _Weight(0, Decimal(1), Decimal(1))
    shares = []
    for key in sorted(lines, key=lambda key: people[key].staff_number):
        weight = weights.get(key, nothing)
        remainder = cut.remainder if key == heir else 0
        shares.append(
            TechnicianShare(
                people[key], weight.base, weight.coefficient, weight.evaluation, weight.value,
                cut.parts.get(key, 0), remainder, back[key], tuple(lines[key]),
            )
        )  # fmt: skip
    return tuple(shares)


def _receivers(waterfall: Waterfall, found: Sorted) -> tuple[ReceiverShare, ...]:
    shares = [
        ReceiverShare(step.share.receiver, step.share.name, step.fen)
        for step in waterfall.steps
        if step.share.receiver != TECHNICIANS
    ]
    back: dict[tuple[str, str], int] = defaultdict(int)
    for _, original in found.back:
        for receiver, name, fen in original.others:
            back[receiver, name] -= fen
    place = {(step.share.receiver, step.share.name): number for number, step in enumerate(waterfall.steps)}
    ordered = sorted(back.items(), key=lambda item: (place.get(item[0], len(place)), item[0]))
    return (*shares, *(ReceiverShare(*who, fen) for who, fen in ordered if fen))
