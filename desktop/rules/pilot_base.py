"""What a pilot base meets: as a provincial demonstration base (省级中试示范基地) and as an open base (开放型中试基地).

Sources: 鲁科字〔2022〕4号 (value of the equipment, years of operation) and measure clauses 6 and 7, each limit a parameter ``pilot.*``.
A condition whose fact or limit is not known is unknown; a base never meets the whole on an unknown condition. Recognition is the province's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger.pilot import Openness
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

VALUE = "pilot.base_equipment_fen"
YEARS = "pilot.base_years"
OPEN_STATES = "pilot.open_states"
PARTNERS = "pilot.partners_required"
MARKET = "pilot.market_required"

Verdict = Literal["met", "not_met", "unknown"]
PARTIES = {"park": "park", "college": "academy", "institute": "academy", "company": "company"}
"""Kind of a partner -> the party of clause 7 that it is; others are none of the three."""
OWN_PARTY = {"university": "academy", "institute": "academy", "new-institution": "academy", "enterprise": "company"}
"""Kind of the institution itself -> the party it is."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Equipment of a base as it is judged: original value (fen, None unknown), the days its service began and ended. No day: it is there."""

    id: str
    value_fen: int | None
    accepted_on: date | None = None
    retired_on: date | None = None

    def serves(self, day: date) -> bool:
        """Whether it is there on a day; the day of retirement is the first without it."""
        return (self.accepted_on is None or self.accepted_on <= day) and (self.retired_on is None or day < self.retired_on)


@dataclass(frozen=True, slots=True)
class BaseFacts:
    """A base as it is judged. ``parties`` are of PARTIES and OWN_PARTY; ``partners_stated``: partners were entered, so that a
    party that is not among them is not there. ``openness`` None: never said for the day. ``n_withheld`` confidential pieces are there besides:
    their value is not told, and without it nobody can say that the base falls short.
    """

    pieces: tuple[Piece, ...]
    started_on: date | None
    parties: frozenset[str]
    partners_stated: bool
    market: bool | None
    openness: Openness | None
    openness_from: date | None = None
    n_withheld: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``code`` names it (``pilot.condition.<code>``), with the tree behind the verdict."""

    code: str
    verdict: Verdict
    figure: Figure


@dataclass(frozen=True, slots=True)
class Judged:
    """What a base comes to on a day, as demonstration base and as open base."""

    demonstration: Verdict
    open_base: Verdict
    conditions: tuple[Condition, ...]
    figure: Figure

    def named(self, code: str) -> Condition:
        """One condition by its name. Raises KeyError for a name that is none."""
        return {one.code: one for one in self.conditions}[code]


def judge(base: BaseFacts, known: Parameters, day: date) -> Judged:
    """Judge a base by what is known and in force on a day."""
    demonstration = (_value(base, known, day), _years(base, known, day))
    open_base = (*_parties(base, known, day), _market(base, known, day), _openness(base, known, day))
    figures = (_whole("pilot.demonstration", demonstration), _whole("pilot.open_base", open_base))
    verdicts = all_of(one.verdict for one in demonstration), all_of(one.verdict for one in open_base)
    whole = Figure("pilot.conditions", None, "", "choice", inputs=figures)
    return Judged(*verdicts, (*demonstration, *open_base), whole)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Not met when one is not, else unknown when one is, else met; of none: unknown."""
    told = tuple(verdicts)
    if "not_met" in told:
        return "not_met"
    return "unknown" if "unknown" in told or not told else "met"


def full_years(since: date, day: date) -> int:
    """The years that are over on a day: on the day of the same date, or the month's last where there is none (民法典 art. 201, 202). Never negative."""
    last = 28 if (since.month, since.day) == (2, 29) and not _leap(day.year) else since.day
    return max(0, day.year - since.year - ((day.month, day.day) < (since.month, last)))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _whole(code: str, conditions: tuple[Condition, ...]) -> Figure:
    return Figure(code, all_of(one.verdict for one in conditions), "state", "choice", inputs=tuple(one.figure for one in conditions))


def _condition(code: str, met: bool | None, *inputs: Figure) -> Condition:
    verdict: Verdict = "unknown" if met is None else "met" if met else "not_met"
    return Condition(code, verdict, Figure(f"pilot.condition.{code}", verdict, "state", "comparison", inputs=inputs))


def _value(base: BaseFacts, known: Parameters, day: date) -> Condition:
    there = [piece for piece in base.pieces if piece.serves(day)]
    stated = sum(piece.value_fen for piece in there if piece.value_fen is not None)
    n_unknown = sum(piece.value_fen is None for piece in there)
    rule = known.in_force(VALUE, day)
    # What is stated may reach the limit whatever the rest is worth; short of it the rest could make it up.
    met = None if rule is None else True if stated >= rule.integer else None if n_unknown or base.n_withheld or not there else False
    behind = Rows("pilot_equipment", tuple(piece.id for piece in there))
    inputs = [Figure("pilot.equipment_value", stated if n_unknown < len(there) else None, "fen", "sum", rows=behind)]
    if n_unknown:
        inputs.append(Figure("pilot.value_unknown", n_unknown, "count"))
    if base.n_withheld:
        inputs.append(Figure("pilot.value_withheld", base.n_withheld, "count"))
    return _condition("value", met, *inputs, known.figure(VALUE, day))


def _years(base: BaseFacts, known: Parameters, day: date) -> Condition:
    since = Figure("pilot.started_on", base.started_on, "date")
    years = None if base.started_on is None else full_years(base.started_on, day)
    rule = known.in_force(YEARS, day)
    met = None if rule is None or years is None else years >= rule.integer
    return _condition("years", met, Figure("pilot.years", years, "years", "difference", inputs=(since,)), known.figure(YEARS, day))


def _parties(base: BaseFacts, known: Parameters, day: date) -> list[Condition]:
    rule = known.in_force(PARTNERS, day)
    limit = known.figure(PARTNERS, day)
    if rule is None:
        return [_condition("partners", None, limit)]
    told = []
    for party in rule.codes:
        named = party if party in PARTIES.values() else "unknown"  # one that a newer rule asks for and nobody can enter yet
        there = None if named == "unknown" else True if party in base.parties else False if base.partners_stated else None
        told.append(_condition(f"party_{named}", there, Figure(f"pilot.party.{named}", there), limit))
    return told


def _market(base: BaseFacts, known: Parameters, day: date) -> Condition:
    rule = known.in_force(MARKET, day)
    met = None if rule is None or (rule.value and base.market is None) else bool(base.market) or not rule.value
    return _condition("market", met, Figure("pilot.market", base.market), known.figure(MARKET, day))


def _openness(base: BaseFacts, known: Parameters, day: date) -> Condition:
    rule = known.in_force(OPEN_STATES, day)
    met = None if rule is None or base.openness is None else base.openness in rule.codes
    said = Figure("pilot.openness", base.openness, "state", inputs=(Figure("pilot.openness_from", base.openness_from, "date"),))
    return _condition("open", met, said, known.figure(OPEN_STATES, day))
