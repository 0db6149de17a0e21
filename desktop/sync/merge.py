"""Three-way merge of one row. Pure: no clock, no storage, no preference for a side.

Per field group: unchanged here, theirs is taken; unchanged there, mine stays and is pending; equal, done; both changed, a
conflict: the view shows theirs, mine is kept aside. An edit against a deletion is a conflict of the whole row, and so is a
row of ours against a deletion that we share no earlier state with, and any two edits of a record that one of them posted; of a
row and a deletion, on view stays the row that is there, because a row taken
away would take with it what never leaves this ledger. Nothing that both sides changed is ever decided here, but for one: of one thing
reversed at two seats the reversal that was sent first is the fact, and theirs is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.ledger.service_record import TOLD_OF_REVERSAL
from desktop.sync.canonical import Body, Scalar
from desktop.sync.groups import grouped, is_whole

WHOLE_ROW = "*"
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Decision:
    """``view`` is what the ledger shows from now on (None: deleted); ``conflicts`` the groups a person must decide."""

    view: Body | None
    conflicts: tuple[str, ...] = ()


def same(one: Body | None, other: Body | None) -> bool:
    """Whether two bodies are the same on the wire (there False is not 0)."""
    if one is None or other is None:
        return one is other
    return _part(one, names := sorted({*one, *other})) == _part(other, names)


def decide(kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    """What becomes of a row whose last common state is ``base``. None is a deletion (as base: there was no common state)."""
    if same(mine, theirs) or same(mine, base) or is_one_reversal(kind, mine, theirs):
        return Decision(theirs)
    if theirs is None:
        return Decision(mine, (WHOLE_ROW,))
    if same(theirs, base):
        return Decision(mine)
    if mine is None or is_whole(kind, mine) or is_whole(kind, theirs):
        return Decision(theirs, (WHOLE_ROW,))
    view: dict[str, Scalar] = {}
    conflicts = []
    before = base or {}
    for group, names in grouped(kind, {*before, *mine, *theirs}).items():
        was, here, there = (_part(body, names) for body in (before, mine, theirs))
        taken = theirs
        if here not in (was, there):
            if there == was:
                taken = mine
            else:
                conflicts.append(group)
        view.update({name: taken[name] for name in names if name in taken})
    return Decision(view, tuple(conflicts))


def is_posted_since(kind: str, mine: Body | None, theirs: Body | None) -> bool:
    """Whether theirs is our draft, posted, and nothing else of it differs."""
    if mine is None or theirs is None or is_whole(kind, mine) or not is_whole(kind, theirs):
        return False
    return same({**mine, "state": theirs["state"]}, theirs)


def is_one_reversal(kind: str, mine: Body | None, theirs: Body | None) -> bool:
    """Whether both take back the same thing, whole, and differ at most in what the one who did it says of it."""
    if mine is None or theirs is None or not mine.get("reverses"):
        return False
    told = TOLD_OF_REVERSAL.get(kind)
    return told is not None and same({**mine, **{name: theirs[name] for name in told if name in theirs}}, theirs)


def carry(kind: str, groups: tuple[str, ...], kept: Body | None, shown: Body | None, view: Body | None) -> Body | None:
    """One side of an open conflict, for deciding again: ``kept`` in the groups in conflict, the row as it stands elsewhere.

    ``shown`` is what the conflict put on view and ``view`` the row now: where a person has changed it meanwhile, the row
    counts.
    """
    whole = WHOLE_ROW in groups
    if view is None or (whole and None in (kept, shown)):
        return kept if same(shown, view) else view
    carried: dict[str, Scalar] = {}
    before, first = kept or {}, shown or {}
    for group, names in grouped(kind, {*before, *first, *view}).items():
        untouched = (whole or group in groups) and _part(first, names) == _part(view, names)
        source = before if untouched else view
        carried.update({name: source[name] for name in names if name in source})
    return carried


def _part(body: Body, names: list[str]) -> tuple[object, ...]:
    # False == 0 in Python but not on the wire: the type belongs to the value.
    return tuple((type(body[name]), body[name]) if name in body else _ABSENT for name in names)
