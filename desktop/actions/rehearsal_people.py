"""The practice day's people: trainings with those who took part, certificates and recognitions (clauses 8 and 10)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.actions import staff_facts, trainings
from desktop.actions.trainings import Given
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Training

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice


def people(day: Practice, clause: Clause) -> None:
    """Enter the trainings and facts of the day, then state, explain and print them."""
    for one in day.told["training"]:
        facts = {name: one[name] for name in ("number", "name", "subject", "organiser", "place", "starts_on", "ends_on", "document")}
        trainings.enter(day.workspace, Training("", hours=Decimal(one["hours"]), **facts))
        came = [Given(staff_number=number, outcome=one["outcome"]) for number in one["staff"]]
        came += [Given(name=name, organisation=one["organisation"]) for name in one["others"]]
        trainings.attend(day.workspace, one["number"], came)
    for one in day.told["staff"]:
        facts = {name: one[name] for name in ("kind", "value", "from_on", "issuer", "number", "ground")}
        factor = Decimal(one["factor"]) if "factor" in one else None
        given = StaffFact("", "", last_on=one.get("last_on"), factor=factor, **facts)
        staff_facts.enter(day.workspace, one["staff_number"], given)
    year = day.year.name
    found = trainings.statement(day.workspace, day.year, day.on)
    clause.figure(trainings.explain(day.workspace, year), f"training {year}")
    for figure in (found.pilot, found.all, *found.pilot.inputs):
        clause.figure(figure)
    held = day.told["staff"][0]["staff_number"]
    clause.figure(staff_facts.explain(day.workspace, held, day.on), f"staff {held}")
    clause.find(found.findings)
    clause.find(told for one in staff_facts.every(day.workspace, day.on) for told in one.findings)
    clause.documents += day.report("trainings")
