"""The payroll file of a run: what the finance office pays, one row a person, before tax (which payroll works out).

The header is the first row, so that a payroll system reads the file as it is. The workbook ends with the sum to check against the sheet;
the text table has none: it is fed to machines, and a sum among the rows would be paid.
"""

from __future__ import annotations

from pathlib import Path

from desktop.actions import institution
from desktop.actions.workspace import Workspace
from desktop.formats import write
from desktop.formats.write import Fen, Out, OutSheet
from desktop.ledger.problem import Refused
from desktop.rules import payroll
from desktop.rules.payout_facts import PayoutFacts
from desktop.store import payouts as rows
from desktop.store.facts import TECHNICIANS
from desktop.words import say

_COLUMNS = ("staff_number", "name", "department", "gross", "run", "notes", "institution", "months", "to_on")
_WIDTHS = (12, 14, 22, 18, 16, 36, 28, 22, 14)


def export_payroll(workspace: Workspace, number: str, path: Path) -> Path:
    """Write the payroll rows (gross, no tax) as .xlsx or .csv. Raises Refused for a run that is not approved or closed."""
    own = institution.get(workspace).name
    with workspace.read() as connection:
        run = rows.RUNS.one(connection, "number = ?", (number.strip(),))
        if run is None:
            raise Refused("payout.unknown_run", number=number)
        if run.state not in ("approved", "closed"):
            raise Refused("payout.not_approved", number=number)
        people = {t.id: t for t in TECHNICIANS.find(connection)}
        facts = rows.facts_of(connection, run)
    found = payroll.payroll(facts, people)
    months = _months(facts)
    joiner = say("payout.how_joiner")
    body: list[list[Out]] = [
        [
            r.staff_number, r.name, r.department, Fen(r.gross_fen), r.run_number, joiner.join(say(n.code, **dict(n.params)) for n in r.notes),
            own, months, run.to_on,
        ]
        for r in found
    ]  # fmt: skip
    if path.suffix.lower() == ".xlsx":
        whole = Fen(sum(r.gross_fen for r in found))
        body.append(
            [
                say("payout.payroll.total"),
                say("payout.payroll.people", n=len(found)),
                "",
                whole,
                run.number,
                "",
                own,
                months,
                run.to_on,
            ]
        )
    header = [say(f"payout.payroll.{name}") for name in _COLUMNS]
    write.write(path, [OutSheet(say("payout.payroll.sheet"), header, body, _WIDTHS)])
    return path


def _months(facts: PayoutFacts) -> str:
    """The months of service a run pays, from the first to the last."""
    months = sorted({line.service_month for line in facts.lines})
    if len(months) < 2:
        return "".join(months)
    return say("payout.payroll.span", first=months[0], last=months[-1])
