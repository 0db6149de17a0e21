"""Claims of innovation vouchers (兑付申请): chosen uses of one enterprise's year, their papers, and the steps from draft to paid or refused.

When a claim is submitted, and when it is again after it was sent back, its amounts are worked out once more, checked, and fixed with their
trees; from then on they hold the cap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from desktop.actions import rules_in_force, voucher_renumbering, vouchers
from desktop.actions.voucher_renumbering import OUTSIDE
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger.attachment import SUBJECTS_AT_HOME, Attachment
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.voucher import EVIDENCE, ClaimEvent, ClaimVerb, Evidence
from desktop.ledger.voucher_rows import OutsideUse, VoucherClaim, VoucherClaimLine, VoucherClaimStep, VoucherPaper
from desktop.rules import figure_json, voucher_claims
from desktop.rules.voucher_claims import Claim
from desktop.rules.voucher_evidence import Checklist, checklist
from desktop.rules.vouchers import Grant
from desktop.store import attachments, voucher_papers
from desktop.store import vouchers as rows
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS, CUSTOMERS
from desktop.store.vouchers import UseNamed

__all__ = ["Shown", "claims", "draft", "paper", "papers", "show", "step"]

_TWICE = "voucher.claimed_twice"
_BETWEEN_CLAIMS = (_TWICE, "voucher.held_above_cap")


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim with where it stands, its lines with what each gets now (or got), the papers of each line, and what keeps it from being submitted.

    ``told``: what two seats did to it, or with it, that does not fit together; a person has to mend it. ``elsewhere``: how many of its amounts
    were worked out at another seat, which keeps how. ``outside``: its uses in other provinces, by key. ``other_number``: a free number to take,
    for another seat's claim has this one.
    """

    claim: VoucherClaim
    customer: str
    stands: Claim
    lines: tuple[VoucherClaimLine, ...]
    grants: tuple[Grant, ...]
    papers: tuple[Checklist, ...]
    findings: tuple[Finding, ...]
    steps: tuple[VoucherClaimStep, ...]
    told: tuple[Finding, ...] = ()
    elsewhere: int = 0
    other_number: str = ""
    outside: Mapping[str, OutsideUse] = field(default_factory=dict)

    @property
    def amounts(self) -> list[tuple[str, int | None, int | None]]:
        """Number, fen of the province and of the city of each use that is no secret: what it holds or would get; what was claimed of it once the
        claim was refused, withdrawn or recovered."""
        claimed = {line.use_id: line for line in self.lines}
        over = self.stands.state not in voucher_claims.HOLDING and any(one.verb == "submit" for one in self.steps)
        return [
            (one.use.number, claimed[one.use.key].granted_fen, claimed[one.use.key].top_up_fen) if over
            else (one.use.number, one.amount_fen, one.top_up_fen)
            for one in self.grants
        ]

    @property
    def may(self) -> tuple[ClaimVerb, ...]:
        """The steps that may follow now."""
        return voucher_claims.may_follow(self.stands.state)


def draft(workspace: Workspace, number: str, numbers: Sequence[str], note: str = "") -> Changes:
    """Begin a claim of the uses with these numbers. Raises Refused for a taken number, an unknown use, two customers or two years."""
    if not number.strip():
        raise Refused("voucher.claim_number")
    with workspace.write("voucher draft", params={"number": number.strip()}) as operation:
        connection = operation.connection
        if rows.CLAIMS.one(connection, "number = ?", (number.strip(),)) is not None:
            raise Refused("voucher.claim_taken", number=number.strip())
        uses = [rows.use_named(connection, one.strip()) for one in dict.fromkeys(numbers)]
        for asked, use in zip(dict.fromkeys(numbers), uses, strict=True):
            if use is None:
                raise Refused("voucher.no_use", number=asked.strip())
        known = [use for use in uses if use is not None]
        if not known:
            raise Refused("voucher.claim_empty")
        if len({use.customer_id for use in known}) > 1:
            raise Refused("voucher.claim_enterprises")
        if len({use.year for use in known}) > 1:
            raise Refused("voucher.claim_years")
        claim = VoucherClaim(new_key(), number.strip(), known[0].customer_id, known[0].year, note.strip())
        rows.CLAIMS.insert(connection, [claim])
        rows.LINES.insert(
            connection, [VoucherClaimLine(new_key(), claim.id, place, use.kind, use.id) for place, use in enumerate(known, 1)]
        )
    return operation.changes


def paper(workspace: Workspace, number: str, item: str, *, attachment_id: str | None = None, given: str = "", waived_why: str = "") -> Changes:
    """Name a paper of the use with this number: its attachment, its own number (``given``), or why it is not needed.

    A file of a use in another province stays on this computer, and so does that it is this paper. Raises Refused for an unknown use, paper or
    file, a file that is confidential, stays on this computer or is of another use, when none of the three is said, or when a claim rests on the use.
    """
    if item not in EVIDENCE:
        raise Refused("voucher.paper_unknown", paper=item)
    if not (attachment_id or given.strip() or waived_why.strip()):
        raise Refused("voucher.paper_empty")
    with workspace.write("voucher paper", params={"number": number.strip()}) as operation:
        use = rows.use_named(operation.connection, number.strip())
        if use is None:
            raise Refused("voucher.no_use", number=number.strip())
        vouchers.changeable(operation.connection, use.id, number.strip())
        file = None if attachment_id is None else _file(operation.connection, use, number.strip(), attachment_id)
        if use.kind == OUTSIDE:
            voucher_papers.name_outside(operation.connection, use.id, item, file)
        # With a file of a use elsewhere alone, what the seats share of the paper stands: its number, or why it is not needed.
        if use.kind != OUTSIDE or given.strip() or waived_why.strip():
            before = rows.PAPERS.one(operation.connection, "use_kind = ? AND use_id = ? AND item = ?", (use.kind, use.id, item))
            shared = None if use.kind == OUTSIDE else attachment_id
            row = VoucherPaper(before.id if before else new_key(), use.kind, use.id, item, shared, given.strip(), waived_why.strip())
            (rows.PAPERS.update if before else rows.PAPERS.insert)(operation.connection, [row])
    return operation.changes


def _file(connection: Connection, use: UseNamed, number: str, attachment_id: str) -> Attachment:
    file = ATTACHMENTS.one(connection, "id = ?", (attachment_id,))
    if file is None:
        raise Refused("voucher.paper_no_file")
    if use.kind == OUTSIDE and file.of_kind == OUTSIDE:
        if file.of_id != use.id:
            raise Refused("voucher.paper_of_other", name=file.name, number=number)
    elif file.of_kind in SUBJECTS_AT_HOME or attachments.is_secret(connection, file.of_kind, file.of_id) or use.kind == OUTSIDE:
        # The paper goes where its use goes; it could not while it names a file that does not.
        raise Refused("voucher.paper_file_stays")
    elif file.of_kind == "service_record" and file.of_id != use.id:
        raise Refused("voucher.paper_of_other", name=file.name, number=number)
    return file


def papers(workspace: Workspace, use_id: str) -> list[Evidence]:
    """What is said of the papers of a use, by its key."""
    with workspace.read() as connection:
        return voucher_papers.papers(connection, use_id)


def claims(workspace: Workspace) -> list[tuple[VoucherClaim, Claim]]:
    """Every claim with where it stands, by number."""
    with workspace.read() as connection:
        return [(claim, vouchers.standing(connection, claim.id)[0]) for claim in rows.CLAIMS.find(connection, order="number")]


def show(workspace: Workspace, number: str) -> Shown:
    """One claim as it is now. Raises Refused for an unknown one."""
    with workspace.read() as connection:
        claim = _named(connection, number)
        stands, lines, steps = vouchers.standing(connection, claim.id)
        customer = CUSTOMERS.get(connection, claim.customer_id)
        other = voucher_renumbering.offered(connection, voucher_renumbering.CLAIM, claim.id, claim.number)
        outside = {one.id: one for line in lines if (one := rows.OUTSIDE.get(connection, line.use_id)) is not None}
        have = {line.use_id: voucher_papers.papers(connection, line.use_id) for line in lines}
    known = rules_in_force.of(workspace)
    by_key = {one.use.key: one for one in vouchers.year(workspace, claim.year).grants}
    holding = [by_key[line.use_id] for line in lines if line.use_id in by_key]
    # One that was sent back is worked out anew before it goes again, as if it held nothing.
    anew = stands.state == "sent_back"
    if anew:
        by_key = {one.use.key: one for one in vouchers.year(workspace, claim.year, claim.id).grants}
    grants = tuple(by_key[line.use_id] for line in lines if line.use_id in by_key)
    papers = tuple(checklist(one.use.number, have[one.use.key], one.use.ended_on, known) for one in grants)
    # What the claim itself holds is no second claim of it.
    mine = stands.state in voucher_claims.HOLDING
    asked = [replace(one, use=replace(one.use, held=False)) if mine and not anew else one for one in grants]
    findings = voucher_claims.ready(asked, papers)
    if len(grants) < len(lines):
        findings = (finding("voucher.claim_withheld", n=len(lines) - len(grants)), *findings)
    told = (*voucher_claims.disagreeing(stands), *((each for one in holding for each in one.findings if each.code in _BETWEEN_CLAIMS) if mine else ()))
    elsewhere = sum(vouchers.fixed(line) is None for line in lines) if any(one.verb == "submit" for one in steps) else 0
    return Shown(claim, customer.name if customer else "", stands, lines, grants, papers, findings, steps, told, elsewhere, other, outside)


def step(
    workspace: Workspace, number: str, verb: ClaimVerb, on: date | None = None, *, fen: int | None = None, document: str = "", reason: str = ""
) -> Changes:
    """Take a claim one step on. Raises Refused for a step that cannot follow or lacks something, or of a day to come; at submitting also for
    all that keeps it back, a use that has not ended on the day included; at submitting and paying while another claim holds one of its uses too."""
    found = show(workspace, number)
    if on is not None and on > today():  # no later step could be of an earlier day, and none is taken back
        raise Refused("voucher.step_ahead", day=on, today=today())
    event = ClaimEvent(verb, on or today(), workspace.who, fen, document.strip(), reason.strip())
    twice = next((each for each in found.told if each.code == _TWICE and verb in ("submit", "pay")), None)
    if twice is not None:
        told = dict(twice.params)
        raise Refused("voucher.claim_contested", number=told["number"], claims=told["claims"])
    lines = found.lines
    stands = found.stands
    if verb == "submit" and stands.state in ("draft", "sent_back"):
        if found.findings:
            raise Refused("voucher.claim_not_ready", findings=found.findings, n=len(found.findings))
        running = next((one.use for one in found.grants if one.use.ended_on > event.on), None)
        if running is not None:  # only a use elsewhere can be: a record is posted once its service is over
            raise Refused("voucher.use_running", number=running.number, day=running.ended_on, on=event.on)
        lines = tuple(
            replace(line, granted_fen=one.amount_fen or 0, top_up_fen=one.top_up_fen, figure=figure_json.to_json(vouchers.whole(one)))
            for line, one in zip(lines, found.grants, strict=True)
        )
        claimed_fen, n_unknown = voucher_claims.asked(lines)
        stands = replace(stands, claimed_fen=claimed_fen, n_unknown=n_unknown)
    faults = voucher_claims.faults(stands, event, _fees(found))
    if faults:
        raise Refused(faults[0].code, findings=faults[1:], **dict(faults[0].params))
    params = {"number": found.claim.number, "verb": f"voucher.verb.{verb}"}
    with workspace.write("voucher step", reason=event.reason, undoable=False, params=params) as operation:
        if vouchers.standing(operation.connection, found.claim.id)[2] != found.steps:
            raise Refused("voucher.claim_moved", number=found.claim.number)
        place = max((one.position for one in found.steps), default=0) + 1
        rows.LINES.update(operation.connection, lines)
        rows.STEPS.insert(
            operation.connection,
            [
                VoucherClaimStep(
                    new_key(), found.claim.id, place, verb, event.on, now(), event.person, fen, event.document, event.reason
                )
            ],
        )
    return operation.changes


def _fees(found: Shown) -> int | None:
    """What the fees of a claim's lines come to (fen), at least what each asks for; None while one of them is not to be seen here or not known."""
    if len(found.grants) < len(found.lines):
        return None
    total = 0
    for line, one in zip(found.lines, found.grants, strict=True):
        if one.use.fee_fen is None:
            return None
        total += max(one.use.fee_fen, line.granted_fen + (line.top_up_fen or 0))
    return total


def _named(connection: Connection, number: str) -> VoucherClaim:
    claim = rows.CLAIMS.one(connection, "number = ?", (number.strip(),))
    if claim is None:
        raise Refused("voucher.no_claim", number=number.strip())
    return claim
