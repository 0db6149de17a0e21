"""What the ledger says of pilot bases: each with its equipment, partners, open state and conditions; a year's services; the tree of one base.

Confidential equipment and services are only counted: they are judged nowhere and named nowhere, for all of this is made to be published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.actions import award, pilot, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.pilot import PilotBase, PilotOpenness, PilotPartner, open_on
from desktop.ledger.problem import Refused
from desktop.rules import pilot_award, pilot_base, ratings
from desktop.rules.award import Evidenced
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters
from desktop.rules.pilot_base import BaseFacts, Judged, Piece
from desktop.store import pilot as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTITUTIONS
from desktop.store.pilot import BASES, OPENNESS, PARTNERS, Candidate, Equipped, ServedLine

__all__ = ["BaseSeen", "Candidate", "EquipmentSeen", "Served", "bases", "candidates", "equipment", "explain", "income", "satisfied", "services", "year_of"]


@dataclass(frozen=True, slots=True)
class EquipmentSeen:
    """Equipment with its base's number ("" for none), what holds of its openness, and all that was said of it."""

    equipped: Equipped
    base: str
    openness: PilotOpenness | None
    history: tuple[PilotOpenness, ...]


@dataclass(frozen=True, slots=True)
class BaseSeen:
    """A base as it stands on a day; its equipment without the confidential (``n_withheld``)."""

    base: PilotBase
    equipment: tuple[Equipped, ...]
    partners: tuple[PilotPartner, ...]
    openness: PilotOpenness | None
    history: tuple[PilotOpenness, ...]
    judged: Judged
    n_withheld: int

    @property
    def value_fen(self) -> int | None:
        """The original value of the equipment that is in service, None where one is unknown or there is none."""
        values = [one.value_fen for one in self.equipment]
        return None if not values or None in values else sum(value for value in values if value is not None)


@dataclass(frozen=True, slots=True)
class Served:
    """A base's services of a year, confidential ones only counted; ``evidenced`` and ``estimate`` of the external ones."""

    base: PilotBase
    lines: tuple[ServedLine, ...]
    evidenced: Evidenced
    estimate: Figure
    n_withheld: int


def bases(workspace: Workspace, on: date | None = None, *, ended: bool = True) -> list[BaseSeen]:
    """Every base by number, as it stands on a day (today when None); ``ended`` False: without those that are none any more then."""
    day = on or today()
    with workspace.read() as connection:
        return [_seen(connection, one, day) for one in BASES.find(connection, order="number") if ended or one.retired_on is None or day < one.retired_on]


def equipment(workspace: Workspace, on: date | None = None) -> list[EquipmentSeen]:
    """Every piece of equipment by number, confidential ones too: this stays on the machine."""
    day = on or today()
    with workspace.read() as connection:
        numbers = {one.id: one.number for one in BASES.find(connection)}
        said: dict[str, list[PilotOpenness]] = defaultdict(list)
        for one in sorted(OPENNESS.find(connection, "equipment_id IS NOT NULL"), key=lambda one: (one.said_at, one.id)):
            said[one.equipment_id or ""].append(one)
        found = rows.equipped(connection)
    return [
        EquipmentSeen(one, numbers.get(one.equipment.base_id or "", ""), open_on(said[one.equipment.id], day), tuple(said[one.equipment.id]))
        for one in found
    ]


def services(workspace: Workspace, year: int, on: date | None = None) -> list[Served]:
    """Each base with its services of a calendar year, the estimate by the rules of a day (today when None)."""
    day = on or today()
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        every = list(rows.served(connection, year))
        found = BASES.find(connection, order="number")
    by_base: dict[str, list[ServedLine]] = defaultdict(list)
    for line in every:
        by_base[line.base_id].append(line)
    told = []
    for base in found:
        lines = tuple(line for line in by_base[base.id] if not line.confidential)
        evidenced = award.evidenced(line.line for line in lines if line.external)
        told.append(Served(base, lines, evidenced, pilot_award.estimate(evidenced, known, day), len(by_base[base.id]) - len(lines)))
    return told


def satisfied(served: Served, known: Parameters, day: date) -> Figure:
    """The share of the satisfied among the customers who said anything of a base's external services that stand."""
    outside = [line for line in served.lines if line.external]
    back = {line.line.record_number for line in outside if line.line.reversed_on is not None}
    return ratings.summary([line.line.rating for line in outside if line.line.record_number not in back], known, day).satisfied


def candidates(workspace: Workspace, year: int) -> list[Candidate]:
    """Records of a calendar year on sets of a base that nobody has said to be its services, and nobody has said not to be."""
    with workspace.read() as connection:
        return rows.candidates(connection, year)


def explain(workspace: Workspace, number: str, on: date | None = None, period: str | None = None) -> Figure:
    """Why a base meets what it meets on a day, and what its services of a year (the last when not given) come to.

    Raises Refused for an unknown base or what is no calendar year.
    """
    day = on or today()
    year = year_of(period)
    with workspace.read() as connection:
        base = pilot.base_named(connection, number)
        seen = _seen(connection, base, day)
    served = next(one for one in services(workspace, year, day) if one.base.id == base.id)
    return tree(seen, served, year)


def tree(seen: BaseSeen, served: Served, year: int, *more: Figure) -> Figure:
    """Why a base meets what it meets, and what its services of a year come to; ``more`` is told with the year."""
    params = (("number", seen.base.number), ("name", seen.base.name))
    of_year = Figure("pilot.year", year, "text", inputs=(income(served), served.estimate, *more))
    return Figure("pilot.base", seen.base.name, "text", "choice", inputs=(*seen.judged.figure.inputs, of_year), params=params)


def year_of(period: str | None) -> int:
    """The calendar year asked for, last year when none is. Raises Refused for what is none."""
    try:
        found = periods.parse(period or str(today().year - 1))
    except ValueError as error:
        raise Refused("report.period", period=period) from error
    if (found.start.month, found.start.day, (found.end - found.start).days > 360) != (1, 1, True):
        raise Refused("report.period_year", period=found.name)
    return found.start.year


def income(served: Served) -> Figure:
    """All that the base served, inside too; a reversal takes its service out."""
    keys = Rows("posting", tuple(one.line.posting_id for one in served.lines))
    return Figure("pilot.income", sum(one.line.amount_fen for one in served.lines), "fen", "sum", rows=keys)


def _seen(connection: Connection, base: PilotBase, day: date) -> BaseSeen:
    found = rows.equipped(connection, "base_id = ?", (base.id,))
    shown = tuple(one for one in found if not one.confidential)
    hidden = [Piece(one.equipment.id, None, one.accepted_on, one.retired_on) for one in found if one.confidential]
    partners = tuple(PARTNERS.find(connection, "base_id = ?", (base.id,), "kind, name"))
    said = tuple(pilot.history(connection, base.id, None))
    holds = open_on(said, day)
    own = INSTITUTIONS.find(connection)
    facts = BaseFacts(
        tuple(Piece(one.equipment.id, one.value_fen, one.accepted_on, one.retired_on) for one in shown),
        base.started_on,
        _parties(partners, own[0].kind if own else ""),
        bool(partners),
        base.market,
        holds.state if holds else None,
        holds.from_on if holds else None,
        sum(piece.serves(day) for piece in hidden),
    )
    judged = pilot_base.judge(facts, rules_in_force.within(connection), day)
    there = tuple(one for one, piece in zip(shown, facts.pieces, strict=True) if piece.serves(day))
    return BaseSeen(base, there, partners, holds, said, judged, len(found) - len(shown))


def _parties(partners: Iterable[PilotPartner], own_kind: str) -> frozenset[str]:
    told = {pilot_base.PARTIES[one.kind] for one in partners if one.kind in pilot_base.PARTIES}
    return frozenset(told | ({pilot_base.OWN_PARTY[own_kind]} if own_kind in pilot_base.OWN_PARTY else set()))
