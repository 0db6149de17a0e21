"""The national platform of the practice day: the instruments kept as a message and handed in as a file, and its audit entered as a person sees it.

Nothing leaves the computer: the address is invented and is forgotten again. Invented practice data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.actions import explaining, national_audit, national_audit_list, national_outgoing, national_sending
from desktop.formats import national_soap
from desktop.ledger.national_audit import AuditState

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice

UNIT = "0" * 31 + "1"
"""The invented unit on the national platform."""
_FILE = "national-handed-in.xml"


def told(day: Practice, clause: Clause) -> None:
    """Clause 5: the instruments handed in, what the platform's audit says of some, and the paper of it."""
    workspace = day.workspace
    national_outgoing.set_target(workspace, day.told["national"]["address"], UNIT)
    prepared = national_outgoing.prepare(workspace, day.year, kinds=[national_soap.INSTRUMENT])
    (kept,) = national_sending.keep(workspace, prepared)
    number = kept.message.number
    national_sending.save(workspace, number, day.out / _FILE)
    national_sending.settle(workspace, number, "accepted", day.told["national"]["handed_in"])
    national_outgoing.set_target(workspace, "", UNIT)
    clause.figure(explaining.explain(workspace, "message", number), f"message {number}")
    seen: dict[AuditState, str] = {"passed": "", "refused": day.told["national"]["refused"]}
    for one, (state, reason) in zip(national_audit_list.every(workspace, day.on), seen.items(), strict=False):
        national_audit.say(workspace, national_soap.INSTRUMENT, [one.name], state, reason, day.on)
        clause.figure(explaining.explain(workspace, "due", one.name, day.on), f"due {one.name} --on {day.on}")
    clause.find(one.finding for one in national_audit_list.open_rows(workspace, day.on) if one.finding is not None)
    clause.documents += [_FILE, *day.report("national_audit")]
