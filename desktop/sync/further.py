"""What a remote also had of a row in conflict and, restored, has no more: seen here, and decided on by nobody.

Such a state is kept by the open conflict, shown beside mine and theirs, and goes only with the decision. It never leaves this ledger unless
a person chooses it. Pure but for ``forget``, ``forget_withheld`` and ``decided``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from desktop.ledger.service_record import TOLD_OF_REVERSAL
from desktop.sync.canonical import Body, Scalar
from desktop.sync.groups import group_of, grouped
from desktop.sync.merge import WHOLE_ROW, same
from desktop.sync.ports import NOT_YET, TOLD_OTHERWISE, BaseRow, Conflict, Further, Place, Step

SIDE = "further"
"""How the name of such a side begins; ``further1`` is the first."""


def forget(step: Step, place: Place, *, replaced: bool = False) -> None:
    """The remote does not hold what the base says (``replaced``: it holds another state of the row); a state that waits behind an open conflict
    goes into it. So does one that a decision has just let in and no run has brought yet, and one that this ledger could not take in: the conflict
    is opened for it alone, unless there is nothing that a person could choose."""
    base, conflict = step.base(*place), step.conflict(*place)
    if conflict is None and base is not None and not base.merged:
        here = step.standing(*place)
        if not here.withheld and not same(here.local, base.body) and not _is_anothers_fact(step, base, replaced=replaced):
            conflict = Conflict(*place, (), None, here.local, here.local)
    _keep(step, base, conflict)
    step.drop_base(*place)


def _is_anothers_fact(step: Step, base: BaseRow, *, replaced: bool) -> bool:
    """Whether another seat's fact waits for the hub to bring it, or for nothing because another remote was told it with another day: neither taken
    in nor declined by anybody here, it comes again from the seat that made it. Of one thing reversed at two seats the reversal that the remote
    holds now is the fact, and whoever made the one that waits is told so."""
    if base.kind not in TOLD_OF_REVERSAL:
        return False
    if replaced and base.body is not None and base.body.get("reverses"):
        return True
    return any((row.kind, row.id) == base.place and row.code in (NOT_YET, TOLD_OTHERWISE) for row in step.parked())


def forget_withheld(step: Step) -> None:
    """What the remote holds of confidential rows is not known any more; what waited is kept as ``forget`` does."""
    for conflict in step.conflicts():
        here = step.standing(*conflict.place)
        if here.withheld:
            _keep(step, here.base, conflict)
    step.drop_withheld_bases()


def _keep(step: Step, base: BaseRow | None, conflict: Conflict | None) -> None:
    if base is None or base.merged or conflict is None:
        return
    shown = (conflict.mine, conflict.theirs, *(one.body for one in conflict.further))
    if any(same(base.body, body) for body in shown):
        return
    told = Further(base.body, base.device_id, base.received_at)
    step.put_conflict(replace(conflict, further=(*conflict.further, told)))


def overtaken(conflict: Conflict | None, base: BaseRow, view: Body | None, mine: Body | None) -> Conflict | None:
    """The conflict before another state of the remote takes the place of its theirs: where the remote forgot that one and a person has typed
    over a part of it only, the rest of it is a further state. ``view`` is the row here, ``mine`` our side from now on."""
    if conflict is None or base.shared != {} or WHOLE_ROW in conflict.groups or None in (view, mine, conflict.theirs):
        return conflict
    bodies = [dict(body or {}) for body in (conflict.theirs, view, base.body, mine)]
    parts = grouped(conflict.kind, {name for body in bodies for name in body})
    for group in conflict.groups:
        shown, here, there, ours = ({name: body.get(name) for name in parts.get(group, ())} for body in bodies)
        if shown == here and shown != ours and (shown != there or base.body is None):
            told = Further(conflict.theirs, conflict.device_id, conflict.received_at)
            return replace(conflict, further=(*conflict.further, told))
    return conflict


def decided(step: Step, conflict: Conflict, names: Collection[str]) -> None:
    """A person decided these fields in sight of what the conflict shows. Where the state that waits behind it says the same of a group, it is
    what they decided against, and stands for what both sides had in common: it does not come over their decision as news. So it is with a state
    of another remote, which waited for this decision too."""
    base = step.base(*conflict.place)
    if base is not None and base.common == {}:
        _over(step, base, conflict, names)
    for other in step.elsewhere():
        base = other.base(*conflict.place)
        if base is not None and base.common is not None:
            _over(other, base, conflict, names)


def _over(step: Step, base: BaseRow, conflict: Conflict, names: Collection[str]) -> None:
    if base.merged or base.body is None:
        return
    sides = [dict(body) for body in (conflict.mine, conflict.theirs, *(one.body for one in conflict.further)) if body is not None]
    known: dict[str, Scalar] = {}
    for fields in grouped(conflict.kind, names).values():
        waits = {name: base.body[name] for name in fields if name in base.body}
        if any(same(waits, {name: side[name] for name in fields if name in side}) for side in sides):
            known.update(waits)
    if known:
        step.put_base(replace(base, common={**(base.common or {}), **known}))


def left(conflict: Conflict | None, *bodies: Body | None) -> tuple[Further, ...]:
    """The further states of a conflict that are not one of these bodies, which stand before the person otherwise."""
    kept = conflict.further if conflict is not None else ()
    return tuple(one for one in kept if not any(same(one.body, body) for body in bodies))


def names(conflict: Conflict) -> tuple[str, ...]:
    """The further sides a person may choose."""
    return tuple(f"{SIDE}{n}" for n, _ in enumerate(conflict.further, start=1))


def body_of(conflict: Conflict, side: str) -> Body | None:
    """What the remote also had, by the name of the side."""
    return conflict.further[names(conflict).index(side)].body


def is_whole(conflict: Conflict, view: Body | None) -> bool:
    """Whether all of the row is decided together; ``view`` is the row as it is here."""
    if WHOLE_ROW in conflict.groups:
        return True
    return bool(conflict.further) and None in (view, conflict.mine, conflict.theirs, *(one.body for one in conflict.further))


def mine_of(conflict: Conflict, view: Body | None) -> Body | None:
    """Our side: what the conflict keeps in its groups, and the row as it is elsewhere."""
    if conflict.mine is None or view is None or WHOLE_ROW in conflict.groups:
        return conflict.mine
    kept = {name: value for name, value in conflict.mine.items() if group_of(conflict.kind, name) in conflict.groups}
    return {name: value for name, value in view.items() if group_of(conflict.kind, name) not in conflict.groups} | kept


def contested(conflict: Conflict, view: Body | None) -> dict[str, str]:
    """Field -> group of what a person must decide: fields that differ, in the groups the engine did not merge and in those in which
    something the remote also had differs from the row as it is."""
    others = [dict(one.body or {}) for one in conflict.further]
    bodies = [dict(mine_of(conflict, view) or {}), dict(conflict.theirs or {}), *others]
    differ = {name for name in {name for body in bodies for name in body} if any(body.get(name) != bodies[0].get(name) for body in bodies)}
    # Of two rows that differ in more, the keys tell nobody anything.
    differ = differ - {"id"} or differ
    if is_whole(conflict, view):
        return dict.fromkeys(sorted(differ), WHOLE_ROW)
    here = dict(view or {})
    found: dict[str, str] = {}
    for group, fields in grouped(conflict.kind, differ).items():
        if group in conflict.groups or any(other.get(name) != here.get(name) for other in others for name in fields):
            found.update(dict.fromkeys(fields, group))
    return found
