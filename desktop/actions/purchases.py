"""Purchases and their duplicate review (查重评议): proposed by one person, looked up in the own ledger and the catalogue, judged by another.

What the opinion was given on is kept with it as one tree, so that it can be explained and printed years later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from desktop.actions import library, people, purchase_candidates, rules_in_force
from desktop.actions.day import day_of
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.purchase import OPINIONS, NationalResult, Proposal, Review
from desktop.rules import approval, classes, figure_json, purchase_national
from desktop.rules import purchase_review as rules
from desktop.rules.figure import Figure
from desktop.store.database import Connection
from desktop.store.facts import PEOPLE
from desktop.store.purchases import PROPOSALS, REVIEWS, national, reviews

_TYPED = ("number", "name", "model", "functions", "department", "reason")


@dataclass(frozen=True, slots=True)
class Entered:
    """A proposal as it was kept, with what is doubtful about it."""

    proposal: Proposal
    findings: tuple[Finding, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Given:
    """One opinion with the tree it was given on, the reviewer by name."""

    review: Review
    reviewed_by: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class View:
    """A proposal with its opinions, the newest first; ``figure``: what a review would rest on now, or rested on once it was settled.

    ``national``: what the national platform answered, the newest first; ``needs``: where that review stands now, also of a settled proposal.
    """

    proposal: Proposal
    prepared_by: str
    given: tuple[Given, ...]
    figure: Figure
    n_withheld: int
    national: tuple[NationalResult, ...]
    needs: Figure
    findings: tuple[Finding, ...] = field(default=())


def propose(workspace: Workspace, proposal: Proposal, person: str, pin: str = "") -> Entered:
    """Enter a purchase. Raises Refused, with nothing written: role, PIN, a taken number, a day to come, or what ``rules.faults`` forbids."""
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["propose_purchase"])
    kept = replace(_tidy(proposal), id=new_key(), state="draft", prepared_by=acting.id, prepared_at=now())
    findings = _checked(kept)
    with workspace.write("purchase propose", who=acting.name, params={"number": kept.number}) as operation:
        if PROPOSALS.one(operation.connection, "number = ?", (kept.number,)):
            raise Refused("purchase.taken", number=kept.number)
        PROPOSALS.insert(operation.connection, [kept])
    return Entered(kept, findings, operation.changes)


def change(workspace: Workspace, number: str, proposal: Proposal, person: str, pin: str = "") -> Entered:
    """Correct a purchase that nobody has settled; whoever changes it last has prepared it. Raises Refused as ``propose`` does."""
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["propose_purchase"])
    tidy = _tidy(proposal)
    with workspace.write("purchase change", who=acting.name, params={"number": tidy.number}) as operation:
        before = _draft(operation.connection, number)
        kept = replace(tidy, id=before.id, state="draft", prepared_by=acting.id, prepared_at=now())
        findings = _checked(kept)
        if kept.number != before.number and PROPOSALS.one(operation.connection, "number = ?", (kept.number,)):
            raise Refused("purchase.taken", number=kept.number)
        PROPOSALS.update(operation.connection, [kept])
    return Entered(kept, findings, operation.changes)


def withdraw(workspace: Workspace, number: str, reason: str, person: str, pin: str = "") -> Changes:
    """Give up a purchase that nobody has settled; it stays in the ledger. Raises Refused with words otherwise."""
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["propose_purchase"])
    if not reason.strip():
        raise Refused("purchase.no_withdraw_reason")
    params = {"number": number.strip()}
    with workspace.write("purchase withdraw", who=acting.name, reason=reason.strip(), undoable=False, params=params) as operation:
        PROPOSALS.update(operation.connection, [replace(_draft(operation.connection, number), state="withdrawn")])
    return operation.changes


def review(workspace: Workspace, number: str, opinion: str, text: str, person: str, pin: str = "") -> View:
    """Give the opinion on a purchase, by another person than the one who prepared it, with a PIN; it is kept with all it rests on.

    ``revise`` returns it to be changed, the others settle it. Raises Refused, with nothing written.
    """
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["review_purchase"])
    if opinion not in OPINIONS:
        raise Refused("purchase.unknown_opinion", opinion=opinion, opinions="、".join(OPINIONS))
    if not text.strip():
        raise Refused("purchase.no_text")
    if not acting.has_pin:
        raise Refused("purchase.no_pin", name=acting.name)
    known = rules_in_force.of(workspace)
    _, read_at = library.catalogue_read_at(workspace)
    params = {"number": number.strip(), "opinion": f"purchase.opinion.{opinion}"}
    with workspace.write("purchase review", who=acting.name, reason=text.strip(), undoable=False, params=params) as operation:
        proposal = _draft(operation.connection, number)
        if proposal.prepared_by == acting.id:
            raise Refused("purchase.same_person", name=acting.name)
        found = purchase_candidates.find(operation.connection, proposal, known)
        tree = rules.whole(proposal, found.candidates, found.n_catalogue, known, read_at, found.n_compared)
        given = Review(
            new_key(), proposal.id, opinion, text.strip(), acting.id, today(), now(), figure_json.to_json(tree), found.n_withheld
        )
        REVIEWS.insert(operation.connection, [given])
        if opinion != "revise":
            PROPOSALS.update(operation.connection, [replace(proposal, state="reviewed")])
    return view(workspace, proposal.number)


def every(workspace: Workspace) -> list[Proposal]:
    """All purchases, the newest first."""
    with workspace.read() as connection:
        return PROPOSALS.find(connection, order="proposed_on DESC, number")


def view(workspace: Workspace, number: str, *, with_rows: bool = False) -> View:
    """A purchase with what its review rests on. ``with_rows``: with the postings behind hours, while it is not settled.

    Raises Refused when there is no such purchase.
    """
    known = rules_in_force.of(workspace)
    _, read_at = library.catalogue_read_at(workspace)
    with workspace.read() as connection:
        proposal = _named(connection, number)
        names = {person.id: person.name for person in PEOPLE.find(connection)}
        given = tuple(
            Given(one, names.get(one.reviewed_by, ""), figure_json.from_json(one.figure)) for one in reviews(connection, proposal.id)
        )
        answered = tuple(national(connection, proposal.id))
        needs = purchase_national.needs(proposal, answered, known)
        ask = purchase_national.findings(needs, proposal)
        prepared_by = names.get(proposal.prepared_by, "")
        if proposal.state == "reviewed":
            return View(proposal, prepared_by, given, given[0].figure, given[0].review.n_withheld, answered, needs, ask)
        found = purchase_candidates.find(connection, proposal, known, with_rows=with_rows)
    told = [*ask, *rules.faults(proposal)]
    if found.n_catalogue and read_at:
        told.append(finding("purchase.read_at", "note", day=day_of(read_at)))
    else:
        told.append(finding("purchase.read_in_part" if found.n_catalogue else "purchase.never_read", "warning"))
    if found.cut:
        told.append(finding("purchase.cut", "warning", n=purchase_candidates.N_SIEVED))
    if found.n_withheld:
        told.append(finding("purchase.withheld", "note", n=found.n_withheld))
    tree = rules.whole(proposal, found.candidates, found.n_catalogue, known, read_at, found.n_compared)
    return View(proposal, prepared_by, given, tree, found.n_withheld, answered, needs, tuple(told))


def explain(workspace: Workspace, number: str) -> Figure:
    """Everything a purchase's review rests on: of today, or of the day of the opinion that settled it; last where the national platform's review
    stands now. Raises Refused as ``view`` does."""
    return whole(view(workspace, number, with_rows=True))


def whole(seen: View) -> Figure:
    """The tree of a review with where the national platform's stands now."""
    return replace(seen.figure, inputs=(*seen.figure.inputs, seen.needs))


def _tidy(proposal: Proposal) -> Proposal:
    typed = {name: str(getattr(proposal, name)).strip() for name in _TYPED}
    return replace(proposal, **typed, class_code=classes.normalise(proposal.class_code))  # type: ignore[arg-type]  # texts all


def _checked(proposal: Proposal) -> tuple[Finding, ...]:
    if proposal.proposed_on > today():
        raise Refused("purchase.to_come", day=proposal.proposed_on.isoformat())
    told = rules.faults(proposal)
    wrong = tuple(one for one in told if one.severity == "error")
    if wrong:
        raise Refused("purchase.faulty", findings=wrong, number=proposal.number or "—", n=len(wrong))
    return told


def _named(connection: Connection, number: str) -> Proposal:
    found = PROPOSALS.one(connection, "number = ?", (number.strip(),))
    if found is None:
        raise Refused("purchase.unknown", number=number)
    return found


def _draft(connection: Connection, number: str) -> Proposal:
    found = _named(connection, number)
    if found.state != "draft":
        raise Refused("purchase.forward")
    return found
