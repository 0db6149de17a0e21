"""Taking in what the remote says: receipts of our batches and entities of its feed. Always inside one open storage
transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec

from desktop.sync import evidence, further
from desktop.sync.canonical import Body, body_sha256
from desktop.sync.groups import grouped
from desktop.sync.merge import WHOLE_ROW, Decision, carry, decide, is_one_reversal, is_posted_since, same
from desktop.sync.messages import Batch, Change, Item, Page, Receipt, Result
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import (
    HERE,
    NOT_YET,
    RIVAL,
    SETTLED,
    TAKEN,
    TOLD_OTHERWISE,
    BaseRow,
    Conflict,
    Further,
    Parked,
    Place,
    RemoteState,
    Sealed,
    Standing,
    Step,
    Unplaced,
)
from desktop.sync.seal import by_kind


@dataclass(slots=True)
class Settled:
    """What a receipt said. ``answered`` are all its places; ``stale`` maps a place to the token the service has there."""

    n_applied: int = 0
    n_duplicate: int = 0
    n_refused: int = 0
    stale: dict[Place, str] = field(default_factory=dict)
    arrived: set[Place] = field(default_factory=set)
    answered: set[Place] = field(default_factory=set)


def settle(step: Step, sealed: Sealed, receipt: Receipt) -> Settled:
    """Fold a receipt into the bases, park what was refused, forget the batch. Raises RemoteProblem for a receipt that is
    not its own."""
    batch = msgspec.json.decode(sealed.content, type=Batch)
    answers = [result.op_id for result in receipt.results]
    if (receipt.key, receipt.digest) != (sealed.key, sealed.digest) or answers != [change.op_id for change in batch.changes]:
        raise RemoteProblem("sync.not_service", "stop")
    settled = Settled()
    # Asked once for all: what has no base yet is not looked for again, row by row.
    step.tokens([(change.kind, change.id) for change in batch.changes])
    told = True
    for change, result in zip(batch.changes, receipt.results, strict=True):
        settled.answered.add((change.kind, change.id))
        told &= _settle_one(step, change, result, settled)
    if told:
        _pass_over(step, receipt)
    wake(step, settled.arrived)
    step.drop_sealed(sealed.key)
    return settled


def _pass_over(step: Step, receipt: Receipt) -> None:
    """Read up to where the feed began before our batch, there is nothing to read of it: its own changes are in the bases."""
    state = step.state()
    if state is None or not receipt.after or (receipt.server_id, receipt.epoch) != (state.server_id, state.epoch):
        return
    if receipt.before in ("", state.cursor):
        step.put_state(replace(state, cursor=receipt.after))


def _settle_one(step: Step, change: Change, result: Result, settled: Settled) -> bool:
    """Fold one answer in; whether the feed has nothing to add to it."""
    place = change.kind, change.id
    base = step.base(*place)
    current = (base.token if base is not None else None) == change.parent
    if result.status in ("applied", "duplicate") and result.token is not None:
        # An acknowledgement says that the change is in, not what the row is now: only on its own parent may it become the
        # base.
        if current:
            seen = base.lineage if base is not None else ()
            step.put_base(BaseRow(*place, result.token, change.parent, change.action, change.op_id, change.body, seen=seen))
        step.unpark(*place)
        settled.arrived.add(place)
        settled.n_applied += result.status == "applied"
        settled.n_duplicate += result.status == "duplicate"
        return current and result.status == "applied"
    elif result.status == "stale":
        if result.token is not None:
            settled.stale[place] = result.token
        elif current:
            further.forget(step, place)
        return False
    elif result.status == "refused" and result.problem is not None:
        problem = result.problem
        target = (problem.target_kind, problem.target_id)
        waiting = (target[0], target[1]) if target[0] is not None and target[1] is not None else None
        sha256 = "" if change.body is None else body_sha256(change.body)
        step.park(Parked(change.kind, change.id, problem.code, problem.field or "", sha256, waiting))
        settled.n_refused += 1
        return True
    raise RemoteProblem("sync.not_service", "stop")


def wake(step: Step, arrived: set[Place]) -> None:
    """Rows that were parked because another was missing are pending, or taken in, when it is there."""
    while arrived:
        waiting = [row for row in step.parked() if row.waiting_for in arrived]
        arrived = set()
        for row in waiting:
            step.unpark(row.kind, row.id)
            if merge(step, (row.kind, row.id)):
                arrived.add((row.kind, row.id))


def known(step: Step) -> RemoteState:
    """What is known of the remote. Raises RemoteProblem before enrolment."""
    state = step.state()
    if state is None:
        raise RemoteProblem("sync.other_server", "reauth")
    return state


def take_page(step: Step, page: Page) -> int:
    """Take in a page of the feed with its cursor; how many entities were new here. Raises RemoteProblem for a page of
    another epoch."""
    state = known(step)
    if (page.server_id, page.epoch) != (state.server_id, state.epoch):
        raise RemoteProblem("sync.restored", "resync")
    if page.devices:
        step.name_devices({device.id: device.name for device in page.devices})
    held = step.tokens([(item.kind, item.id) for item in page.items])
    # Most of what comes back after sending is our own: it is known without a look at the rows.
    strange = [item for item in page.items if held.get((item.kind, item.id)) != item.token]
    n_new = sum(absorb(step, item) for item in sorted(strange, key=_taking))
    # Those known already too: after a restore the remote may have one again that a row of ours waits for.
    wake(step, {(item.kind, item.id) for item in page.items if item.body is not None})
    if not page.more:
        remerge(step)
        contest(step)
        dispute(step)
    step.put_state(RemoteState(state.server_id, state.epoch, page.cursor))
    return n_new


def _taking(item: Item) -> tuple[bool, int]:
    """Rows after those they refer to, deletions the other way round."""
    rank = by_kind(item.kind)
    return item.body is None, -rank if item.body is None else rank


def absorb(step: Step, item: Item) -> bool:
    """Take in one entity; whether it brought something new. An edit here is merged, never overwritten."""
    place = item.kind, item.id
    here = step.standing(*place)
    if here.base is not None and here.base.token == item.token:
        return False
    shared = here.base.shared if here.base is not None else None
    open_here = step.conflict(*place) if here.base is None else None
    asked = open_here is not None and bool(open_here.groups)
    if asked or (shared is None and (here.withheld or (here.base is None and here.deleted))):
        # What both sides had in common is not known, but that there was a row here is: whatever becomes of it, a deletion
        # too, was done by a person and stands against theirs.
        shared = {}
    told = item.device_id or "", item.received_at or ""
    seen = here.base.lineage if here.base is not None else ()
    base = BaseRow(*place, item.token, item.parent, item.action, item.op_id, item.body, False, shared, *told, seen)
    step.unpark(*place)
    if not here.withheld:
        _bring(step, here, base)
        return True
    step.put_base(base)
    if here.deleted and item.body is not None:
        # A person asked to withdraw what was sent; since then someone changed it there. That edit is not deleted unseen.
        step.park(Parked(*place, "here.changed_since", "", ""))
    return True


def merge(step: Step, place: Place) -> bool:
    """Bring a base that is not merged into our row; whether it is in now. What the ledger cannot hold is parked."""
    here = step.standing(*place)
    if here.base is None or here.base.merged or here.withheld:
        return False
    if step.conflict(*place) is None and evidence.is_owed(step, here):
        # Sent anew it is no news to the remote, but its file goes before it.
        step.drop_base(*place)
        return True
    return _bring(step, here, here.base)


def _bring(step: Step, here: Standing, base: BaseRow) -> bool:
    if _stands_still(step, here):
        step.put_base(base)
        return False
    conflict = step.conflict(*here.place)
    if conflict is not None and undecided(here, base, conflict):
        return _behind(step, base, conflict)
    try:
        met = _meet(step, here, base, conflict)
        if met is None and base.body is not None and here.local is None and not here.deleted and base.shared is None and conflict is None:
            # Nothing was ever known of it here, so there is nothing to merge: most rows that arrive are such.
            step.put_local(*here.place, base.body)
            step.put_base(_merged(base))
            return True
    except Unplaced as refused:
        return _wait(step, base, refused)
    here = met or here
    common, mine = _sides(here, base, conflict)
    if met is not None and is_posted_since(here.kind, mine, base.body):
        common = mine
    decision = decide(here.kind, common, mine, base.body)
    if decision.conflicts and conflict is None and base.body is not None and mine is not None:
        common = _known(step, here, base, common, decision.conflicts)
        decision = decide(here.kind, common, mine, base.body)
    if decision.view is None and base.body is not None and here.local is not None:
        # The row that met our deletion is on view and is again what it was: still nobody here has decided.
        decision = Decision(base.body, (WHOLE_ROW,))
    if is_one_reversal(here.kind, here.local, base.body):
        # The ledger lets a fact give way to nothing but what a remote is known to hold.
        step.put_base(base)
    try:
        _show(step, here, base.body, decision.view)
    except Unplaced as refused:
        if conflict is not None and _is_aside(here, conflict, mine):
            return _behind(step, base, conflict)
        return _wait(step, base, refused)
    step.put_base(_merged(base))
    asked = further.overtaken(conflict, base, here.local, mine)
    kept = further.left(asked, mine if decision.conflicts else decision.view, base.body)
    if decision.conflicts:
        step.put_conflict(_between(base, decision.conflicts, common, mine, kept))
    elif kept:
        step.put_conflict(_between(base, (), common, decision.view, kept))
    elif conflict is not None:
        step.drop_conflict(*here.place)
    return True


def _known(step: Step, here: Standing, base: BaseRow, common: Body | None, groups: tuple[str, ...]) -> Body | None:
    """The common state, in these groups with what our row itself has been since: by way of another remote it is here before us."""
    theirs, known = base.body or {}, dict(common or {})
    # Without a common state nothing tells what came first, but for what the remote heard of at all.
    if common is None and base.parent is not None:
        return common
    parts = grouped(here.kind, {*theirs, *known, *(here.local or {})})
    everything = [name for names in parts.values() for name in names]
    for names in [everything] if WHOLE_ROW in groups else [parts[group] for group in groups]:
        if step.has_been(here.place, names, theirs, common):
            known = {**{name: value for name, value in known.items() if name not in names}, **_only(theirs, names)}
    return known or common


def _meet(step: Step, here: Standing, base: BaseRow, conflict: Conflict | None) -> Standing | None:
    """What is here under the key of the remote's row since one of ours, entered apart, turned out to be the same; the two share no
    earlier state. None: there is none. Raises Unplaced when it cannot take that key."""
    if base.body is None or here.local is not None or here.deleted or base.shared or conflict is not None:
        return None
    ours = step.adopt(*here.place, base.body)
    return None if ours is None else replace(here, local=ours)


def _wait(step: Step, base: BaseRow, refused: Unplaced) -> bool:
    step.park(Parked(*base.place, refused.code, refused.field, "", refused.waiting_for))
    step.put_base(base)
    return False


def _behind(step: Step, base: BaseRow, conflict: Conflict) -> bool:
    step.put_base(base)
    if (kept := further.left(conflict, base.body)) != conflict.further:
        # The remote has it again: it waits, as it did before.
        step.put_conflict(replace(conflict, further=kept))
    return False


def _is_aside(here: Standing, conflict: Conflict, mine: Body | None) -> bool:
    """Whether an open conflict keeps something of ours that is not on view. A state that this ledger cannot take in waits until it is decided:
    as theirs it would not be what is on view either, and the row would look as if a person had typed it over ours."""
    return bool(conflict.groups) and not same(mine, here.local)


def _stands_still(step: Step, here: Standing) -> bool:
    """Whether another remote's state of a row waits for a person: one question after the other, and no answer is made up from another remote's
    news. A row that is not here (it was deleted) has nothing that could be lost."""
    return here.local is not None and here.place in step.asked_elsewhere()


def undecided(here: Standing, base: BaseRow, conflict: Conflict | None) -> bool:
    """Whether a person must decide an open conflict before this base is taken in.

    The remote was restored to before the state that the conflict shows as theirs, and holds another one now that nobody made
    in sight of it. Ours, theirs and that one are three: the conflict asks about two, so the third waits until it is decided.
    """
    if conflict is None or not conflict.groups or base.shared != {} or here.withheld:
        return False
    shown, now, view = conflict.theirs, base.body, here.local
    if WHOLE_ROW in conflict.groups or shown is None or now is None or view is None:
        return not same(shown, now) and same(conflict.mine if shown is None else shown, view)
    parts = grouped(here.kind, {*shown, *now, *view})
    bodies = [_only(body, [name for group in conflict.groups for name in parts.get(group, ())]) for body in (shown, view, now)]
    return same(bodies[0], bodies[1]) and not same(bodies[0], bodies[2])


def _only(body: Body, names: list[str]) -> Body:
    return {name: body[name] for name in names if name in body}


def remerge(step: Step) -> None:
    """Try again what could not be taken in: the row is not withheld any more, or what stood against it is gone."""
    waiting = list(step.unmerged())
    while waiting:
        left = []
        for place in waiting:
            if merge(step, place):
                step.unpark(*place)
            else:
                left.append(place)
        if len(left) == len(waiting):
            return
        waiting = left


def contest(step: Step) -> None:
    """This ledger's own rules forbid what the remote holds of a row that is here: ours stays, is not sent, and a person decides.

    So it is with a row that stands for the same as another of ours (``RIVAL``): the conflict shows the two side by side.
    """
    parked = step.parked()
    rivals = {(row.kind, row.id): row.waiting_for for row in parked if row.code == RIVAL}
    # A fact at two remotes: there is nothing that a person could choose.
    waiting = {(row.kind, row.id) for row in parked if row.code == TOLD_OTHERWISE}
    # Where we have been before, the hub shows the way: nothing of ours stands against it.
    waiting |= {row.place for row in (step.standing(one.kind, one.id) for one in parked if one.code == NOT_YET) if row.local is not None}
    for place in [place for place in step.unmerged() if place not in waiting]:
        here = step.standing(*place)
        base = here.base
        rival = rivals.get(place)
        if base is not None and rival is not None and base.body is not None:
            step.put_base(_merged(base))
            step.unpark(*place)
            ours = step.standing(*rival).local
            step.put_conflict(_between(base, (WHOLE_ROW,), None, ours, further.left(step.conflict(*place))))
            continue
        if base is None or (here.local is None and not here.deleted) or _stands_still(step, here):
            continue
        conflict = step.conflict(*place)
        if undecided(here, base, conflict):
            continue
        common, mine = _sides(here, base, conflict)
        if conflict is not None and _is_aside(here, conflict, mine):
            continue
        asked = further.overtaken(conflict, base, here.local, mine)
        step.put_base(_merged(base))
        step.unpark(*place)
        if not same(mine, base.body):
            groups = (WHOLE_ROW,) if mine is None or base.body is None else _differing(here.kind, mine, base.body)
            step.put_conflict(_between(base, groups, common, mine, further.left(asked, mine, base.body)))


def dispute(step: Step) -> None:
    """Put what of ours cannot stand beside what came before a person, and take it away when the reason is gone.

    What waits for that decision is told by the conflict, not row by row.
    """
    found = {one.place: one for one in step.disputed()}
    for place, one in found.items():
        if step.conflict(*place) is None:
            step.put_conflict(one)
    ended = [one for one in step.conflicts() if is_dispute(one) and one.place not in found]
    for one in ended:
        step.drop_conflict(*one.place)
    held = {(row.kind, row.id) for row in step.parked() if row.code == SETTLED}
    for row in step.parked():
        if row.code == SETTLED or row.waiting_for in held or _was_refused(step, row, ended=bool(ended)):
            step.unpark(row.kind, row.id)


def _was_refused(step: Step, row: Parked, *, ended: bool) -> bool:
    """Whether a row that the remote refused waits for a decision now, or can be sent again since one is over."""
    if row.code.startswith(HERE):
        return False
    here = step.standing(row.kind, row.id)
    return (ended and row.code in TAKEN) or (here.withheld and not here.deleted)


def _between(base: BaseRow, groups: tuple[str, ...], common: Body | None, mine: Body | None, kept: tuple[Further, ...]) -> Conflict:
    """The conflict of ours with the remote's state, with what the remote also had."""
    return Conflict(*base.place, groups, common, mine, base.body, base.device_id, base.received_at, kept)


def is_dispute(found: Conflict) -> bool:
    """Whether a conflict is between a row of ours and another one, not between two states of one."""
    return found.theirs is not None and found.theirs.get("id", found.id) != found.id


def _differing(kind: str, mine: Body, theirs: Body) -> tuple[str, ...]:
    differ = [name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)]
    return tuple(grouped(kind, differ))


def _sides(here: Standing, base: BaseRow, conflict: Conflict | None) -> tuple[Body | None, Body | None]:
    """The common state and our side of a merge, an open conflict carried on."""
    common = base.shared
    mine = None if here.deleted else here.local
    if mine is None and not here.deleted:
        # No row, no tombstone: it was never written here, so nothing of ours can stand against theirs.
        mine = common
    if conflict is None or not conflict.groups:
        return common, mine
    # What the conflict showed is asked of the conflict: the base may be forgotten since.
    common = common or None
    # Of a row that met their deletion ours is on view: who deletes it agrees with them.
    agreed = here.deleted and conflict.theirs is None
    mine = None if agreed else carry(here.kind, conflict.groups, conflict.mine, conflict.theirs, here.local)
    if conflict.mine is None and mine is not None:
        # A person went on with the row that met our deletion: what was on view they had in common with the remote.
        return common, mine
    if common is not None or conflict.theirs is None:
        common = carry(here.kind, conflict.groups, conflict.base, common, common)
    if common is None and mine is None:
        # The deletion stands against a row; with the base forgotten too, it would look as if nothing had changed here.
        common = {}
    return common, mine


def _show(step: Step, here: Standing, theirs: Body | None, view: Body | None) -> None:
    if view is None:
        # A deletion of ours against a row that is there is still to be sent: its tombstone stays.
        if theirs is None and (here.local is not None or here.deleted):
            step.delete_local(here.kind, here.id)
    elif here.deleted or not same(view, here.local):
        step.put_local(here.kind, here.id, view)


def _merged(base: BaseRow) -> BaseRow:
    """The base once it is in our row. Whose a deletion was stays known: it is asked about when another remote brings the row."""
    told = (base.device_id, base.received_at) if base.body is None else ("", "")
    return replace(base, merged=True, common=None, device_id=told[0], received_at=told[1])
