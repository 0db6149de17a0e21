"""The pilot base of the practice day: entered, opened, its services named, and what clauses 6, 7 and 15 have of it. Invented practice data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop import resource
from desktop.actions import evidence, performance, pilot, pilot_view
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotPartner
from desktop.rules.figure import Figure
from desktop.store.pilot import Candidate

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice


def equipment(day: Practice, clause: Clause) -> None:
    """Clause 6: a base with a set of the register and a line of its own, open; its conditions, its services, catalogue and application."""
    told = day.told["pilot"]
    workspace, number = day.workspace, told["number"]
    base = PilotBase("", number, told["name"], started_on=told["started"], market=True, **told["texts"])
    clause.find(pilot.add_base(workspace, base).findings)
    most = max(performance.year(workspace, day.year, day.on).sets, key=lambda pair: (pair[0].external_minutes, pair[0].asset_number))[0]
    line = told["line"]
    clause.find(pilot.add_equipment(workspace, PilotEquipment("", f"{number}-1", most.name), number, most.asset_number).findings)
    own = PilotEquipment("", f"{number}-2", line["name"], value_fen=line["value"], accepted_on=line["accepted"], confidential=False, **line["texts"])
    clause.find(pilot.add_equipment(workspace, own, number).findings)
    for one in told["partner"]:
        clause.find(pilot.add_partner(workspace, number, PilotPartner("", "", **one)).findings)
    pilot.say_open(workspace, number, "open", told["reason"], told["started"])
    with workspace.read() as connection:
        key = pilot.base_named(connection, number).id
    evidence.add(workspace, "pilot_base", key, resource.path("practice") / told["picture"], told["caption"])
    waiting: list[Candidate] = pilot_view.candidates(workspace, day.year.start.year)
    if waiting:
        clause.find(pilot.serve(workspace, [one.number for one in waiting], number, what=told["what"]).findings)
    tree = _tree(day)
    clause.figure(tree, _why(day))
    for part in tree.walk():
        if part.code in ("pilot.demonstration", "pilot.equipment_value", "pilot.years", "pilot.openness", "award.amount", "award.estimate"):
            clause.figure(part)
    clause.documents += day.report("pilot_catalogue") + day.report("pilot_award")


def open_base(day: Practice, clause: Clause) -> None:
    """Clause 7: who builds the base with the institution, by way of the market, and whether that makes it an open base."""
    clause.figure(_tree(day), _why(day))
    for part in _tree(day).walk():
        if part.code == "pilot.open_base" or part.code.startswith("pilot.condition.party_") or part.code in ("pilot.condition.market", "pilot.condition.open"):
            clause.figure(part)
    clause.documents += day.there(f"pilot_catalogue-{day.year.name}")


def services(day: Practice, clause: Clause) -> None:
    """Clause 15: what the base served in the year, with the pack to apply with."""
    clause.figure(_tree(day), _why(day))
    for part in _tree(day).walk():
        if part.code in ("pilot.income", "award.evidenced", "award.wanting"):
            clause.figure(part)
    clause.documents += day.report("pilot_performance")


def _tree(day: Practice) -> Figure:
    return pilot_view.explain(day.workspace, day.told["pilot"]["number"], day.on, day.year.name)


def _why(day: Practice) -> str:
    """What ``yixiang explain`` is asked for the base in the year."""
    return f"pilot {day.told['pilot']['number']} --period {day.year.name}"
