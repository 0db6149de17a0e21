"""The papers of pilot bases, out of the ledger: the catalogue with its pictures, the application for the award, the performance pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.actions import explaining, institution, pilot_view, rules_in_force, staff_facts, trainings
from desktop.actions.pilot_view import BaseSeen, EquipmentSeen, Served
from desktop.actions.workspace import Workspace
from desktop.ledger.attachment import Attachment
from desktop.ledger.period import Period
from desktop.ledger.pilot import PilotOpenness
from desktop.ledger.problem import Refused
from desktop.reports import kept, pictures, pilot_award, pilot_catalogue, pilot_performance
from desktop.reports.content import Content, Letterhead, Picture
from desktop.reports.pilot_award import AwardBase, AwardFacts, ServiceLine
from desktop.reports.pilot_catalogue import BaseEntry, CatalogueFacts, OpenLine, PieceLine
from desktop.reports.pilot_conditions import ConditionLine
from desktop.reports.pilot_performance import PerformanceBase, PerformanceFacts, YearOfBase
from desktop.rules import pilot_award as award_rules
from desktop.rules import ratings
from desktop.rules.figure import Figure
from desktop.rules.pilot_base import Condition
from desktop.store import attachments
from desktop.store.pilot import ServedLine
from desktop.words import say

MOST_PICTURES = 6
"""Of one base with its equipment: a catalogue is leafed through, not a gallery."""


def catalogue(workspace: Workspace, period: Period, on: date, only: str | None, head: Letterhead) -> Content:
    """The catalogue of a day, of one base when ``only`` names it. Raises Refused for one that is not there."""
    found = _chosen(pilot_view.bases(workspace, on, ended=False), only)
    pieces = {one.equipped.equipment.id: one for one in pilot_view.equipment(workspace, on)}
    lost: list[str] = []
    bases = tuple(_entry(workspace, one, pieces, lost) for one in found)
    loose, loose_pictures, hidden = [], [], 0
    for one in () if only else pieces.values():
        if one.base:
            continue
        if one.equipped.confidential:
            hidden += 1
        elif one.equipped.retired_on is None or on < one.equipped.retired_on:
            loose.append(_piece(one, ""))
            loose_pictures += _pictures(workspace, "pilot_equipment", one.equipped.equipment.id, one.equipped.equipment.name, lost)
    facts = CatalogueFacts(
        on, bases, tuple(loose), tuple(loose_pictures[:MOST_PICTURES]), hidden + sum(one.n_withheld for one in found), tuple(lost)
    )
    return pilot_catalogue.report(facts, head)


def award(workspace: Workspace, period: Period, on: date, only: str | None, head: Letterhead) -> Content:
    """The application of a calendar year by the rules of the day of applying. Raises Refused for an unknown base."""
    year = period.start.year
    found = _chosen(pilot_view.bases(workspace, on, ended=False), only)
    served = {one.base.id: one for one in pilot_view.services(workspace, year, on)}
    known = rules_in_force.of(workspace)
    rate, cap, definition = (known.in_force(key, on) for key in (award_rules.RATE, award_rules.CAP, award_rules.AMOUNT))
    facts = AwardFacts(
        year,
        institution.get(workspace).uscc,
        tuple(_award_base(one, served[one.base.id]) for one in found),
        cap.integer if cap else None,
        rate.decimal if rate else None,
        f"{rate.source} {rate.clause}".strip() if rate else "",
        (definition.certainty if definition else "", cap.certainty if cap else ""),
        sum(one.n_withheld + served[one.base.id].n_withheld for one in found),
        on < period.last_day,
    )
    trees = tuple(pilot_view.tree(one, served[one.base.id], year) for one in found)
    said = pilot_award.report(facts, head)
    return replace(said, figures=(*trees, *said.figures))


def performance(workspace: Workspace, period: Period, on: date, only: str | None, head: Letterhead) -> Content:
    """The performance pack of a calendar year. Raises Refused for an unknown base."""
    year = period.start.year
    found = _chosen(pilot_view.bases(workspace, on), only)
    now, before = ({one.base.id: one for one in pilot_view.services(workspace, each, on)} for each in (year, year - 1))
    known = rules_in_force.of(workspace)
    definition = known.in_force(award_rules.AMOUNT, on)
    content = {key: pilot_view.satisfied(one, known, on) for key, one in now.items()}
    facts = PerformanceFacts(
        year,
        institution.get(workspace).uscc,
        tuple(_performance_base(one, now[one.base.id], before[one.base.id], content[one.base.id]) for one in found),
        definition.certainty if definition else "",
        _trainings(workspace, period, on),
        sum(one.n_withheld + now[one.base.id].n_withheld for one in found),
        on < period.last_day,
    )
    earlier = {key: Figure("pilot.year", year - 1, "text", inputs=(pilot_view.income(one),)) for key, one in before.items()}
    trees = tuple(pilot_view.tree(one, now[one.base.id], year, content[one.base.id], earlier[one.base.id]) for one in found)
    people = (trainings.statement(workspace, period, on).pilot, kept.line(say("training.recognised"), _recognised(workspace, on)))
    said = pilot_performance.report(facts, head)
    return replace(said, figures=(*trees, *said.figures, *(people if facts.trainings else people[:1])))


def _recognised(workspace: Workspace, on: date) -> int:
    return sum(len(one.recognitions) for one in staff_facts.every(workspace, on))


def _trainings(workspace: Workspace, period: Period, on: date) -> tuple[tuple[str, str], ...]:
    """People trained for the pilot stage, by subject, and recognitions that are good on the day; empty when no pilot training is entered."""
    found = trainings.statement(workspace, period, on)
    if not found.pilot.inputs:
        return ()
    told = [(say(found.pilot.code), found.pilot.value)]
    told += [(say(one.code, **dict(one.params)), one.value) for one in found.pilot.inputs]
    return (*((name, str(value)) for name, value in told), (say("training.recognised"), str(_recognised(workspace, on))))


def condition_line(one: Condition) -> ConditionLine:
    """A condition in words: what is there, what is asked, and by which source."""
    there, limit = one.figure.inputs[0], one.figure.inputs[-1]
    said = None if there.value is None else explaining.value_text(there.value, there.unit, there.code)
    if one.code == "years" and said is not None:
        said = f"{said} {say('unit.years')}"
    open_ended = [part for part in one.figure.inputs if part.code in ("pilot.value_unknown", "pilot.value_withheld")]
    for part in open_ended:
        said = f"{said or ''} ({say(part.code)} {part.value})"
    return ConditionLine(
        say(f"pilot.condition.{one.code}"), say(f"pilot.state.{one.verdict}"), said, _asked(one, limit), limit.clause, limit.certainty
    )


def _asked(one: Condition, limit: Figure) -> str | None:
    if limit.value is None:
        return None
    if one.code.startswith("party_"):
        return say(f"pilot.condition.{one.code}")
    if one.code == "open":
        return " / ".join(say(f"pilot.state.{state}") for state in str(limit.value).split(" / "))
    if one.code == "years":
        return f"≥ {limit.value} {say('unit.years')}"
    return ("≥ " if limit.unit == "fen" else "") + explaining.value_text(limit.value, limit.unit, limit.code)


def _chosen(found: list[BaseSeen], only: str | None) -> list[BaseSeen]:
    if not only:
        return found
    named = [one for one in found if one.base.number == only.strip()]
    if not named:
        raise Refused("pilot.unknown_base", number=only.strip())
    return named


def _open(said: PilotOpenness | None) -> OpenLine:
    return OpenLine(say(f"pilot.state.{said.state}"), said.from_on, said.reason) if said else OpenLine(None, None, "")


def _entry(workspace: Workspace, one: BaseSeen, pieces: dict[str, EquipmentSeen], lost: list[str]) -> BaseEntry:
    base = one.base
    printed = _pictures(workspace, "pilot_base", base.id, base.name, lost)
    for piece in one.equipment:
        printed += _pictures(workspace, "pilot_equipment", piece.equipment.id, piece.equipment.name, lost)
    return BaseEntry(
        base.number, base.name, base.fields, base.process, base.capacity, base.services, base.site, base.started_on,
        None if base.market is None else " ".join(part for part in (explaining.value_text(base.market, ""), base.market_how) if part),
        tuple((partner.name, say(f"pilot.partner.{partner.kind}"), partner.part) for partner in one.partners),
        _open(one.openness), base.contact, base.phone,
        tuple(_piece(pieces[piece.equipment.id], base.name) for piece in one.equipment), tuple(printed[:MOST_PICTURES]),
    )  # fmt: skip


def _piece(one: EquipmentSeen, base: str) -> PieceLine:
    piece, found = one.equipped.equipment, one.equipped
    return PieceLine(piece.number, piece.name, found.model, base, piece.process, piece.capacity, piece.services, _open(one.openness))


def _pictures(workspace: Workspace, kind: str, key: str, name: str, lost: list[str]) -> list[Picture]:
    """The images attached to a base or to equipment; those that cannot be printed are named in ``lost``."""
    told = []
    with workspace.read() as connection:
        for one in attachments.of_subject(connection, kind, key):
            if not one.media_type.startswith("image/"):
                continue
            found = None
            if attachments.is_kept(connection, one.sha256):
                found = pictures.fitted(b"".join(attachments.parts(connection, one.sha256)), _caption(one, name))
            if found is None:
                lost.append(one.name)
            else:
                told.append(found)
    return told


def _caption(one: Attachment, name: str) -> str:
    return f"{name}  {one.note or one.name.rpartition('.')[0]}"


def _award_base(one: BaseSeen, served: Served) -> AwardBase:
    estimate = served.estimate.value
    return AwardBase(
        one.base.number, one.base.name, one.base.started_on, one.value_fen, say(f"pilot.state.{one.judged.demonstration}"),
        tuple(condition_line(each) for each in one.judged.conditions),
        tuple(_service(line) for line in served.lines if line.external), estimate if isinstance(estimate, int) else None,
    )  # fmt: skip


def _service(one: ServedLine) -> ServiceLine:
    line = one.line
    return ServiceLine(
        line.record_number, one.equipment_number or line.asset_number, one.what or line.instrument, line.customer, line.customer_uscc, line.ended_on,
        line.amount_fen, line.contract, line.invoices, line.received_fen, line.n_files, line.rating, line.reversed_on, line.posting_id,
    )  # fmt: skip


def _performance_base(one: BaseSeen, now: Served, before: Served, said: Figure) -> PerformanceBase:
    outside = [line for line in now.lines if line.external]
    return PerformanceBase(
        one.base.number, one.base.name, one.base.fields, _open(one.openness).state, len(one.equipment),
        tuple((partner.name, say(f"pilot.partner.{partner.kind}"), partner.part) for partner in one.partners), year_of(now), year_of(before),
        _sums((line.what or line.line.instrument, line) for line in outside),
        _sums((line.line.customer, line) for line in outside),
        _sums((ratings.said(line.line.rating) or say("pilot.not_rated"), line) for line in outside),
        one.base.process, one.base.capacity, one.base.started_on, one.value_fen,
        said.value if isinstance(said.value, Decimal) else None,
    )  # fmt: skip


def _stands(line: ServedLine) -> int:
    """A service counts once, a reversal takes it out."""
    return 1 if line.line.reversed_on is None else -1


def year_of(served: Served) -> YearOfBase:
    """A base's services of a year in sums, what was taken back taken off."""
    outside = [line for line in served.lines if line.external]
    return YearOfBase(
        sum(map(_stands, served.lines)), sum(line.minutes for line in served.lines), sum(line.line.amount_fen for line in served.lines),
        sum(map(_stands, outside)), sum(line.line.amount_fen for line in outside),
        frozenset(name for name, n, _ in _sums((line.line.customer, line) for line in outside) if n > 0),
    )  # fmt: skip


def _sums(named: Iterable[tuple[str, ServedLine]]) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, tuple[int, int]] = {}
    for name, line in named:
        n, fen = found.get(name, (0, 0))
        found[name] = n + _stands(line), fen + line.line.amount_fen
    return tuple((name, n, fen) for name, (n, fen) in sorted(found.items(), key=lambda pair: (-pair[1][1], pair[0])))
