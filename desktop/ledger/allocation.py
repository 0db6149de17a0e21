"""Allocation (分配): schemes, declared costs, payout runs and what they pay. Facts only; how they are computed is in ``rules``.

Field names of ``WrittenScheme``, ``CostRow`` and the ``Payout…`` facts are the columns of their tables.
Days are dates in Asia/Shanghai, moments UTC; every ``fen`` is an integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Basis = Literal["posted", "received"]
WeightBasis = Literal["amount", "minutes", "equal"]
ShareOf = Literal["gross", "rest"]
CapOf = Literal["gross", "net"]
RunState = Literal["prepared", "withdrawn", "approved", "closed", "reversed"]

BASES: tuple[Basis, ...] = ("posted", "received")
WEIGHT_BASES: tuple[WeightBasis, ...] = ("amount", "minutes", "equal")
SHARES_OF: tuple[ShareOf, ...] = ("gross", "rest")
CAPS_OF: tuple[CapOf, ...] = ("gross", "net")
Span = tuple[date, date]
TECHNICIANS = "technicians"
KEPT = "kept"
RECEIVERS = (TECHNICIANS, "institution", "department", "laboratory", "fund", "other")
COST_KINDS = ("depreciation", "maintenance", "consumables", "energy", "staff", "room", "management", "tax", "other", "none")


@dataclass(frozen=True, slots=True)
class Share:
    """One step of a scheme: ``rate`` (0–1) of the gross income, or of what remains after costs and earlier shares.

    ``cap_fen`` and ``cap_rate`` (of gross, or of net = income − costs, as ``cap_of`` says) bound it; None: no such bound.
    ``receiver`` is one of RECEIVERS, exactly one share of a scheme goes to the technicians; rate 1 of the rest is "the rest".
    """

    receiver: str
    name: str
    of: ShareOf
    rate: Decimal
    cap_fen: int | None = None
    cap_rate: Decimal | None = None
    cap_of: CapOf = "net"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A dated allocation scheme (分配方案) with its document number; a new version is a new scheme, in force from ``from_on``.

    ``basis`` says what is income (posted fees or money received); technicians are weighed by ``weigh``, times the role
    coefficient when ``use_coefficient``, times the evaluation factor of ``evaluations`` (staff number, factor; absent: 1).
    ``evaluation_facts``: the factors are not written here but those of the evaluations in force on a run's last day (``staff_fact``), one for
    everyone who is weighed. ``remainder_to`` is the staff number of the person who receives the fen left over by rounding. Internal services take part
    when ``include_internal``, those that ended from ``internal_from`` on; None: whenever they ended.
    """

    id: str
    name: str
    from_on: date
    document: str
    basis: Basis
    include_internal: bool
    shares: tuple[Share, ...]
    weigh: WeightBasis
    use_coefficient: bool
    remainder_to: str
    evaluations: tuple[tuple[str, Decimal], ...] = ()
    internal_from: date | None = None
    evaluation_facts: bool = False

    def includes(self, line: SettlementLine) -> bool:
        """Whether a service takes part: every external one, an internal one as the scheme says."""
        if line.external:
            return True
        return self.include_internal and (self.internal_from is None or line.served_on >= self.internal_from)


@dataclass(frozen=True, slots=True)
class WrittenScheme:
    """A scheme as the ledger keeps it: ``terms`` is the JSON of ``ledger.allocation_json``."""

    id: str
    name: str
    from_on: date
    document: str
    terms: str


@dataclass(frozen=True, slots=True)
class CostRow:
    """A declared cost (成本申报): ``instrument_id`` None for the whole unit; ``period_from``–``period_to`` both days included.

    ``kind`` is one of COST_KINDS; ``none`` with 0 fen declares that there was no cost. ``document`` is the evidence's number.
    ``withdrawn``: taken back after a run that was withdrawn or reversed had named it; no run deducts it any more.
    """

    id: str
    kind: str
    instrument_id: str | None
    period_from: date
    period_to: date
    fen: int
    document: str
    withdrawn: bool = False

    @property
    def n_days(self) -> int:
        """The calendar days of the period."""
        return (self.period_to - self.period_from).days + 1


@dataclass(frozen=True, slots=True)
class CostPart:
    """The part of a declared cost that one run deducts: ``fen`` for the days of ``spans`` (both ends included, in order).

    ``used_fen`` is what the standing runs had deducted when it was worked out.
    """

    row: CostRow
    spans: tuple[Span, ...]
    fen: int
    used_fen: int = 0

    @property
    def days(self) -> int:
        """The calendar days it stands for."""
        return sum((end - start).days + 1 for start, end in self.spans)

    @property
    def whole(self) -> bool:
        """Whether the run deducts the row as it was declared."""
        return self.days == self.row.n_days

    @property
    def left_fen(self) -> int:
        """What later runs have to deduct."""
        return self.row.fen - self.used_fen - self.fen


@dataclass(frozen=True, slots=True)
class PayoutRun:
    """One calculation of payouts, from ``prepared`` to ``closed``; the amounts are fixed when it is prepared.

    ``pool_fen`` is what the technicians receive together. A run with ``reverses`` is the exact negative of another.
    ``findings`` is the JSON of what the approver should know: fixed with the amounts, told whenever the run is shown.
    """

    id: str
    number: str
    to_on: date
    scheme_id: str
    state: RunState
    basis: Basis
    income_fen: int
    cost_fen: int
    pool_fen: int
    figure: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    reverses: str | None = None
    reason: str = ""
    findings: str = "[]"


@dataclass(frozen=True, slots=True)
class PayoutShare:
    """What one receiver gets of a run. ``technician_id`` is set for technicians only; ``receiver`` is of RECEIVERS or KEPT.

    ``weight`` is the weight as text, for show; ``remainder`` marks the technician whose share includes the fen left over.
    """

    id: str
    run_id: str
    position: int
    receiver: str
    technician_id: str | None
    name: str
    weight: str
    fen: int
    remainder: bool = False


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One posting (or receipt) behind a technician's share: ``amount_fen`` of income brought ``fen`` to the technician.

    ``reverses`` is the payout line that is taken back, in this run or an earlier one; ``late``: served in a month settled before.
    """

    id: str
    run_id: str
    posting_id: str
    receipt_id: str | None
    technician_id: str
    amount_fen: int
    minutes: int
    fen: int
    service_month: str
    late: bool = False
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class PayoutCost:
    """What a run has deducted of a declared cost: ``fen`` for the days ``from_on``–``to_on``; negative in a reversing run."""

    id: str
    run_id: str
    cost_row_id: str
    from_on: date
    to_on: date
    fen: int


@dataclass(frozen=True, slots=True)
class PayoutMark:
    """That a run has settled one posting or receipt, or deducted the days ``from_on``–``to_on`` of a declared cost; nothing of the amounts.

    ``settles`` names it in one text: the key of the receipt or posting, or the cost with its first day. ``run_id`` may be of a run that
    is not here. ``released``: the run was withdrawn or reversed, and what it held is open again.
    """

    id: str
    run_id: str
    run_number: str
    settles: str
    posting_id: str | None = None
    receipt_id: str | None = None
    minutes: int = 0
    cost_row_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class MonthEvent:
    """A step of a month (``2025-07``) by a person (their key), with the reason.

    Its close is prepared by one and done by another, who is then the ``person``; ``prepared_by`` is set for ``close`` alone.
    A preparation is withdrawn, a closed month reopened.
    """

    id: str
    month: str
    verb: Literal["prepare", "withdraw", "close", "reopen"]
    person: str
    reason: str
    at: datetime
    prepared_by: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """How a line was settled in an earlier run: what has to be taken back when it is reversed.

    ``fen`` went to the technician, ``others`` (receiver, name, fen) to the other receivers; ``line_id`` is the payout line.
    ``from_others_fen`` is the part of ``fen`` that the line itself had not brought the technicians together: by the
    weights it came out of the other technicians' parts (negative: it went to them).
    """

    line_id: str
    run_number: str
    technician_id: str
    amount_fen: int
    minutes: int
    fen: int
    others: tuple[tuple[str, str, int], ...] = ()
    from_others_fen: int = 0


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One posting or receipt that waits to be settled.

    ``key`` is the receipt's key when there is one, else the posting's; ``reverses`` is the ``key`` of the line it takes back,
    ``original`` is given when that line was settled in an earlier run. ``counted_on`` is the day that decides "up to a date":
    the end of service (also for a reversal, so that a record and its replacement never count together), or the day the money
    came. ``month`` is the month of service (``2025-07``), ``ended_on`` its day.
    """

    posting_id: str
    record_number: str
    instrument_id: str
    instrument_name: str
    technician_id: str | None
    month: str
    counted_on: date
    amount_fen: int
    minutes: int
    receipt_id: str | None = None
    external: bool = True
    late: bool = False
    confidential: bool = False
    reverses: str | None = None
    original: Original | None = None
    ended_on: date | None = None

    @property
    def served_on(self) -> date:
        """The day the service ended; the day it is counted on where it is not told apart."""
        return self.ended_on or self.counted_on

    @property
    def key(self) -> str:
        """The key of the money fact: receipt before posting."""
        return self.receipt_id or self.posting_id
