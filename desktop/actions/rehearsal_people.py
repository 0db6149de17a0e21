"""The practice day's people: trainings with those who took part, certificates and recognitions, two periods of payouts (clauses 8 and 10)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.actions import costs, payout_comparison, payouts, reporting, staff_facts, trainings
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


def compared(day: Practice, clause: Clause) -> None:
    """Pay what the days since the practice year brought, and set it beside that year: state, explain and print the difference."""
    year, name, (who, other) = day.told["settle_to"].year, day.told["scheme"]["name"], day.told["person"][:2]
    to = min(day.on, day.told["settle_to"].replace(year=year + 1))
    costs.cost_add(day.workspace, "none", None, day.told["settle_to"] + timedelta(days=1), to, 0, "")
    run = payouts.prepare(day.workspace, to, name, who["name"], who["pin"])
    payouts.approve(day.workspace, run.number, other["name"], other["pin"])
    before, after = str(year), str(to.year)
    found = payout_comparison.compare(day.workspace, before, after)
    most = max(found.found.people, key=lambda one: (abs(one.more_fen), one.staff_number))
    for key in (found.key, f"{found.key}{payout_comparison.BETWEEN}{most.staff_number}"):
        clause.figure(payout_comparison.explain(day.workspace, key), f"payout {key}")
    clause.find(found.findings)
    clause.documents += day.print(
        f"payout_comparison-{before}-{after}",
        lambda path: reporting.make_comparison(day.workspace, before, after, out=path, printed_on=day.on),
    )
