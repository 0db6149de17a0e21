"""Innovation vouchers of a calendar year: what each external service and each use elsewhere gets, with the reason; and what a person says of a use.

The whole year of an enterprise is always worked out, for the cap counts all of it. Confidential services are left out of what is shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import key_of_mark
from desktop.ledger.problem import Refused
from desktop.ledger.voucher import ClaimEvent, ClaimLine, Enterprise, Hit, ProvinceSearch, VoucherUse
from desktop.ledger.voucher_rows import (
    OutsideUse,
    SearchMade,
    VoucherClaim,
    VoucherClaimLine,
    VoucherClaimStep,
    VoucherGroup,
    VoucherMark,
)
from desktop.rules import figure_json, voucher_claims, vouchers
from desktop.rules.figure import Figure
from desktop.rules.voucher_claims import Claim
from desktop.rules.vouchers import Grant
from desktop.store import vouchers as rows
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, INSTITUTIONS, RECORDS
from desktop.store.vouchers import Charged

__all__ = ["Grant", "Holding", "Year", "changeable", "claimed_twice", "explain", "fixed", "holders", "mark", "standing", "whole", "year"]


@dataclass(frozen=True, slots=True)
class Holding:
    """A claim that holds a use under the cap, its line, where it stands, and what it holds of the use."""

    claim: VoucherClaim
    line: VoucherClaimLine
    stands: Claim
    held: ClaimLine


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year's uses in the order of the cap, but the confidential ones (``n_withheld``)."""

    year: int
    grants: tuple[Grant, ...]
    n_withheld: int


def year(workspace: Workspace, number: int, released: str = "") -> Year:
    """Every use that ended in a year, with what it gets; ``released``: as if the claim with this key held nothing. Raises Refused for what is no year."""
    if not date.min.year <= number < date.max.year:
        raise Refused("voucher.no_year", year=number)
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        own = INSTITUTIONS.find(connection)
        held = _held(connection, number, released)
        uses = _uses(connection, number, held)
    found = [
        replace(one, findings=(*one.findings, claimed_twice(one.use.number, held[one.use.key]))) if len(held.get(one.use.key, ())) > 1 else one
        for one in vouchers.grants(uses, known, own[0].uscc if own else "")
    ]
    shown = tuple(one for one in found if not one.use.confidential)
    return Year(number, shown, len(found) - len(shown))


def explain(workspace: Workspace, number: str) -> Figure:
    """Why a use, by its number, gets what it gets: province and city. Raises Refused for one that is not there or has no posted fee."""
    with workspace.read() as connection:
        record = RECORDS.one(connection, "number = ?", (number.strip(),))
        outside = rows.OUTSIDE.one(connection, "number = ?", (number.strip(),))
    ended = record.ended_at if record else outside.ended_at if outside else None
    grant = None
    if ended is not None:
        grant = next((one for one in year(workspace, ended.year).grants if one.use.number == number.strip()), None)
    if grant is None:
        raise Refused("voucher.no_use", number=number.strip())
    if not grant.use.held:
        return whole(grant)
    with workspace.read() as connection:
        found = holders(connection, grant.use.key)
    # What a claim holds is explained as it was when the claim was submitted; less may have been accepted since.
    held_fen = _both(grant)
    tree = fixed(found[0].line) if found else None
    how = "claimed_elsewhere" if tree is None else "claimed"
    return Figure("voucher.figure.total", held_fen, "fen", how, inputs=() if tree is None else (tree,))


def fixed(line: VoucherClaimLine) -> Figure | None:
    """The tree a line was submitted with. None where it is kept at another seat: there is none here, or it is of other amounts than these."""
    if not line.explained:
        return None
    tree = figure_json.from_json(line.figure)
    parts = {part.code: part.value for part in reversed(list(tree.walk()))}
    amounts = (parts.get("voucher.figure.amount") or 0, parts.get("voucher.figure.top_up"))
    return tree if amounts == (line.granted_fen, line.top_up_fen) else None


def whole(grant: Grant) -> Figure:
    """Province and city of one use together; the province alone where no city is known."""
    if grant.top_up is None:
        return grant.figure
    return Figure("voucher.figure.total", _both(grant), "fen", "sum", inputs=(grant.figure, grant.top_up))


def _both(grant: Grant) -> int | None:
    return None if grant.amount_fen is None or grant.top_up_fen is None else grant.amount_fen + grant.top_up_fen


def mark(
    workspace: Workspace, number: str, through_network: bool | None, order_number: str = "", *,
    invoiced_fen: int | None = None, excluded_fen: int = 0, excluded_why: str = "",
) -> Changes:  # fmt: skip
    """Say of a service record whether it was ordered through the network, what was invoiced and what is left out.

    What says nothing makes no mark, and takes that of a draft off, which could not be removed with it.
    Raises Refused for an unknown or confidential record, one that a claim rests on, a negative amount, or something left out without a reason.
    """
    if excluded_fen < 0 or (invoiced_fen is not None and invoiced_fen < 0):
        raise Refused("voucher.negative")
    if excluded_fen and not excluded_why.strip():
        raise Refused("voucher.excluded_needs_reason")
    given = VoucherMark("", "", through_network, order_number.strip(), invoiced_fen, excluded_fen, excluded_why.strip())
    with workspace.write("voucher mark", params={"number": number.strip()}) as operation:
        nothing = (through_network, given.order_number, invoiced_fen, excluded_fen) == (None, "", None, 0)
        if not (nothing and _taken_off(operation.connection, number.strip())):
            _put(operation.connection, number.strip(), given, nothing)
    return operation.changes


def _put(connection: Connection, number: str, given: VoucherMark, nothing: bool) -> None:
    use = rows.use_named(connection, number)
    if use is None:
        raise Refused("voucher.no_use", number=number)
    if use.kind != "service_record":
        raise Refused("voucher.mark_outside", number=number)
    changeable(connection, use.id, number)
    before = rows.MARKS.one(connection, "record_id = ?", (use.id,))
    if nothing and before is None:
        return
    row = replace(given, id=before.id if before else key_of_mark(use.id), record_id=use.id)
    (rows.MARKS.update if before else rows.MARKS.insert)(connection, [row])


def _taken_off(connection: Connection, number: str) -> bool:
    """Whether there is a draft with this number and a mark, which is removed; also when the draft is no use any more (confidential, no customer)."""
    draft = RECORDS.one(connection, "number = ? AND state = 'draft'", (number,))
    found = rows.MARKS.one(connection, "record_id = ?", (draft.id,)) if draft else None
    if found is None:
        return False
    changeable(connection, found.record_id, number)
    rows.MARKS.delete(connection, [found.id])
    return True


def _uses(connection: Connection, number: int, held: dict[str, list[Holding]]) -> list[VoucherUse]:
    start, end = date(number, 1, 1), date(number + 1, 1, 1)
    customers = {one.id: one for one in CUSTOMERS.find(connection)}
    described = {one.customer_id: one for one in rows.ENTERPRISES.find(connection)}
    groups: dict[str, list[VoucherGroup]] = defaultdict(list)
    for one in rows.GROUPS.find(connection):
        groups[one.customer_id].append(one)
    marks = {one.record_id: one for one in rows.MARKS.find(connection)}

    def enterprise(customer_id: str, day: date) -> Enterprise:
        customer, more = customers[customer_id], described.get(customer_id)
        controller = next((g.name for g in groups[customer_id] if g.from_on <= day and (g.to_on is None or day < g.to_on)), "")
        return Enterprise(
            customer.name, customer.uscc, customer.internal, (more.place if more else "") or customer.city, customer.industry,
            customer.n_staff, customer.revenue_wan, more.assets_wan if more else None, customer.size_class, customer.size_on, controller,
        )  # fmt: skip

    uses = []
    for charged in rows.charged(connection, start, end):
        uses.append(_of_record(charged, enterprise(charged.customer_id, charged.ended_at.date()), marks.get(charged.record_id)))
    searches = {one.id: one for one in rows.SEARCHES.find(connection)}
    span = (start.isoformat(), end.isoformat())
    for use in rows.OUTSIDE.find(connection, "ended_at >= ? AND ended_at < ?", span):
        search = searches.get(use.search_id or "")
        uses.append(_of_outside(use, enterprise(use.customer_id, use.ended_at.date()), search))
    return [replace(use, held=True, granted_fen=own[0].held.granted_fen, top_up_fen=own[0].held.top_up_fen)
            if (own := held.get(use.key)) else use for use in uses]  # fmt: skip


def _of_record(charged: Charged, enterprise: Enterprise, said: VoucherMark | None) -> VoucherUse:
    said = said or VoucherMark("", charged.record_id)
    return VoucherUse(
        charged.record_id, charged.number, enterprise, charged.ended_at, charged.fee_fen, charged.started_on, said.invoiced_fen,
        said.excluded_fen, said.excluded_why, said.through_network, charged.confidential,
    )  # fmt: skip


def _of_outside(use: OutsideUse, enterprise: Enterprise, search: SearchMade | None) -> VoucherUse:
    found = None
    if search is not None:
        hits = tuple(Hit(*json.loads(hit)) for hit in search.hits)
        found = ProvinceSearch(search.searched_on, search.asked, search.catalogue_on, hits, search.reason)
    return VoucherUse(
        use.id, use.number, enterprise, use.ended_at, use.fee_fen, use.started_on, use.invoiced_fen, use.excluded_fen, use.excluded_why,
        use.through_network, outside=True, search=found,
    )  # fmt: skip


def standing(connection: Connection, claim_id: str) -> tuple[Claim, tuple[VoucherClaimLine, ...], tuple[VoucherClaimStep, ...]]:
    """Where a claim stands after its steps, with its lines and the steps."""
    lines, steps = rows.parts(connection, claim_id)
    events = [ClaimEvent(step.verb, step.on_day, step.person, step.fen, step.document, step.reason) for step in steps]  # type: ignore[arg-type]  # the database admits no other verb
    return voucher_claims.stands([_line(line) for line in lines], events), lines, steps


def holders(connection: Connection, use_id: str) -> list[Holding]:
    """The claims that hold a use under the cap; two seats may have claimed it apart. The first holds the most of it, and counts for the use."""
    found = []
    for line in rows.LINES.find(connection, "use_id = ?", (use_id,)):
        claim, (stands, lines, _) = rows.CLAIMS.get(connection, line.claim_id), standing(connection, line.claim_id)
        if claim is not None and stands.state in voucher_claims.HOLDING:
            found += [one for one in _holdings(claim, stands, lines) if one.line.use_id == use_id]
    return sorted(found, key=_most_first)


def changeable(connection: Connection, use_id: str, number: str) -> None:
    """Refused while a claim that was handed in rests on a use: it is changed when it comes back, or after it is withdrawn."""
    for found in holders(connection, use_id):
        if found.stands.state != "sent_back":
            raise Refused("voucher.claim_holds", number=number, claim=found.claim.number, state=f"voucher.claim.{found.stands.state}")


def claimed_twice(number: str, found: Sequence[Holding]) -> Finding:
    """That several claims hold one use, by the numbers of the claims."""
    return finding("voucher.claimed_twice", number=number, claims="、".join(sorted(one.claim.number for one in found)))


def _holdings(claim: VoucherClaim, stands: Claim, lines: Sequence[VoucherClaimLine]) -> list[Holding]:
    held = voucher_claims.held([_line(line) for line in lines], stands)
    return [Holding(claim, line, stands, each) for line, each in zip(lines, held, strict=True)]


def _most_first(one: Holding) -> tuple[int, str]:
    return -(one.held.granted_fen + (one.held.top_up_fen or 0)), one.claim.id


def _line(line: VoucherClaimLine) -> ClaimLine:
    return ClaimLine(line.use_id, line.granted_fen, line.top_up_fen)


def _held(connection: Connection, number: int, released: str) -> dict[str, list[Holding]]:
    """What the claims of a year but one hold, by use, as ``holders`` tells of one."""
    held: dict[str, list[Holding]] = defaultdict(list)
    for claim in rows.CLAIMS.find(connection, "year = ? AND id <> ?", (number, released)):
        stands, lines, _ = standing(connection, claim.id)
        if stands.state in voucher_claims.HOLDING:
            for one in _holdings(claim, stands, lines):
                held[one.line.use_id].append(one)
    return {key: sorted(found, key=_most_first) for key, found in held.items()}
