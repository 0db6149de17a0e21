"""What each step of a transfer needs: proposed by one person, decided by another, handed over on a day. Pure checks.

Errors forbid a step; warnings are told and it is taken. Whether a set is a candidate forbids nothing: the institution decides (clause 16
says that sets can be transferred "by the rules", not which).
"""

from __future__ import annotations

from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Person
from desktop.ledger.transfer import Transfer
from desktop.rules import uscc
from desktop.rules.approval import may

# What the register and the paper take, as from a file.
_LONGEST = dict.fromkeys(("to_department", "keeper", "receiver", "document", "gave", "took"), 500) | dict.fromkeys(("reason", "note", "parts"), 5000)


def too_long(one: Transfer, *names: str) -> tuple[Finding, ...]:
    """What of these fields no list and no form can hold: more than 500 signs of a name or number, 5 000 of a text."""
    lengths = ((name, len(getattr(one, name)), _LONGEST[name]) for name in names)
    return tuple(finding("transfer.too_long", field=name, n=n, limit=limit) for name, n, limit in lengths if n > limit)


def prepare(instrument: Instrument, proposed: Transfer, own_uscc: str, verdict: str = "", cautions: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """A transfer of a set is proposed. ``verdict`` and ``cautions`` as of ``rules.transfer``, "" when it was not judged."""
    told = []
    asset = instrument.asset_number
    if instrument.confidential is not False:
        told.append(finding("transfer.confidential" if instrument.confidential else "transfer.secrecy_not_stated", asset_number=asset))
    if instrument.retired_on is not None:
        told.append(finding("transfer.retired", asset_number=asset, day=instrument.retired_on))
    if not proposed.reason.strip():
        told.append(finding("transfer.no_reason", field="reason"))
    told += _inside(instrument, proposed) if proposed.kind == "internal" else _outside(proposed, own_uscc)
    told += too_long(proposed, "reason", "to_department", "keeper", "receiver", "document")
    if verdict and verdict != "candidate":
        told.append(finding(f"transfer.judged_{verdict}", "warning", asset_number=asset))
    told += [
        finding(f"transfer.told_{code}", "warning", asset_number=asset)
        for code in cautions
        if code != "own_money" or proposed.kind == "allocation"  # moved inside, it stays the same owner's
    ]
    return tuple(told)


def _inside(instrument: Instrument, proposed: Transfer) -> list[Finding]:
    if not proposed.to_department:
        return [finding("transfer.no_department", field="to_department")]
    if proposed.to_department == instrument.department:
        return [finding("transfer.same_department", field="to_department", department=instrument.department)]
    return []


def _outside(proposed: Transfer, own_uscc: str) -> list[Finding]:
    told = []
    if not proposed.receiver:
        told.append(finding("transfer.no_receiver", field="receiver"))
    if proposed.receiver_uscc and proposed.receiver_uscc == own_uscc:
        told.append(finding("transfer.to_oneself", field="receiver_uscc"))
    elif proposed.receiver_uscc:
        told += uscc.faults(proposed.receiver_uscc)
    return told


def decide(transfer: Transfer, person: Person, state: str, note: str = "", document: str = "") -> tuple[Finding, ...]:
    """It is ``approved`` or ``declined`` (with a reason) by another person who has a PIN, or ``withdrawn`` by the one who prepared it.

    What is given free is approved on a paper only.
    """
    told = list(may(person, "prepare_transfer" if state == "withdrawn" else "decide_transfer"))
    told += _state(transfer, "prepared")
    if state == "withdrawn":
        if person.id != transfer.prepared_by:
            told.append(finding("transfer.not_own", number=transfer.number, name=person.name))
        return tuple(told)
    if person.id == transfer.prepared_by:
        told.append(finding("transfer.same_person", number=transfer.number, name=person.name))
    if not person.has_pin:
        told.append(finding("transfer.no_pin", name=person.name))
    if state == "declined" and not note.strip():
        told.append(finding("transfer.no_reason", field="note"))
    if state == "approved" and transfer.kind == "allocation" and not (document or transfer.document).strip():
        told.append(finding("transfer.no_document", field="document", number=transfer.number))
    return tuple(told)


def hand_over(
    transfer: Transfer, instrument: Instrument, person: Person, on: date, today: date, approved_on: date | None = None, n_drafts: int = 0
) -> tuple[Finding, ...]:
    """An approved transfer takes effect on a day (days in Asia/Shanghai); ``n_drafts`` unposted records of the set are told when it leaves the institution."""
    told = [*may(person, "hand_transfer"), *_state(transfer, "approved")]
    if on > today:
        told.append(finding("transfer.in_future", field="handed_on", day=on))
    if instrument.retired_on is not None:
        told.append(finding("transfer.retired", asset_number=instrument.asset_number, day=instrument.retired_on))
    if instrument.confidential:
        told.append(finding("transfer.confidential", asset_number=instrument.asset_number))
    if instrument.accepted_on is not None and on < instrument.accepted_on:
        told.append(finding("transfer.before_acceptance", field="handed_on", day=on, accepted=instrument.accepted_on))
    elif approved_on is not None and on < approved_on:
        told.append(finding("transfer.before_approval", "warning", day=on, approved=approved_on))
    if n_drafts and transfer.kind == "allocation":
        told.append(finding("transfer.drafts", "warning", asset_number=instrument.asset_number, n=n_drafts))
    return tuple(told)


def _state(transfer: Transfer, needed: str) -> tuple[Finding, ...]:
    if transfer.state == needed:
        return ()
    return (finding("transfer.wrong_state", number=transfer.number, state=f"transfer.step.{transfer.state}"),)
