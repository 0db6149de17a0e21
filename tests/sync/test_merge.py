"""Merging, exhaustively over small bodies: nothing that both sides changed is decided, nothing that one side changed is lost."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from desktop.sync.groups import CHARGE, group_of, grouped
from desktop.sync.merge import WHOLE_ROW, Decision, carry, decide, is_posted_since, same

Body = dict[str, Any] | None
# Two fields of one group, one of another, posted or not; each absent or one of two values; and the row deleted.
ROWS: list[Body] = [
    None,
    *(
        {name: value for name, value in (("minutes", m), ("amount_fen", a), ("rating", r), ("state", s)) if value is not None}
        for m, a, r, s in product((None, 1, 2), (None, 5), (None, "x", "y"), (None, "posted"))
    ),
]
GROUPS = {CHARGE: ("minutes", "amount_fen", "state"), "rating": ("rating",)}


def part(body: Body, group: str) -> tuple[object, ...]:
    return tuple((body or {}).get(name, "absent") for name in GROUPS[group])


def promise_broken(base: Body, mine: Body, theirs: Body, decision: Decision) -> str | None:
    """The promises of the merge, told without its code; the name of the first that does not hold."""
    view, conflicts = decision.view, decision.conflicts
    changed_here, changed_there = mine != base, theirs != base
    if not (changed_here and changed_there) or mine == theirs:
        # Nothing to decide, but for one: a deletion without a state both sides knew is not an unchanged "nothing".
        if mine is not None and theirs is None and base is None:
            return None if conflicts == (WHOLE_ROW,) and view == mine else "what we share no state with deletes nothing of ours"
        kept = theirs if not changed_here or mine == theirs else mine
        return None if not conflicts and view == kept else "what one side changed is taken over, and nothing is asked"
    if mine is None or theirs is None:
        alive = mine if theirs is None else theirs
        return None if conflicts == (WHOLE_ROW,) and view == alive else "an edit against a deletion is asked, the row stays"
    if "posted" in (mine.get("state"), theirs.get("state")):
        return None if conflicts == (WHOLE_ROW,) and view == theirs else "a posted record is one whole"
    if WHOLE_ROW in conflicts or view is None:
        return "only the groups in dispute are asked"
    for group in GROUPS:
        was, here, there, shown = (part(body, group) for body in (base, mine, theirs, view))
        disputed = here not in (was, there) and there != was
        if disputed != (group in conflicts):
            return "a conflict stands exactly where both sides changed a group to different values"
        expected = there if disputed or here == was else here
        if shown != expected:
            return "one side's change is kept, a disputed group shows theirs"
    return None


def test_every_combination_keeps_the_promises() -> None:
    n = 0
    for base, mine, theirs in product(ROWS, ROWS, ROWS):
        broken = promise_broken(base, mine, theirs, decide("service_record", base, mine, theirs))
        assert broken is None, (broken, base, mine, theirs)
        n += 1
    assert n == 37**3


def last_writer_wins(_kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return Decision(theirs if same(mine, base) else mine)


def per_field(_kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    if base is None or mine is None or theirs is None:
        return decide("service_record", base, mine, theirs)
    names = {*base, *mine, *theirs}
    view = {n: (theirs if mine.get(n) == base.get(n) else mine).get(n) for n in names}
    return Decision({n: v for n, v in view.items() if v is not None})


def deletion_wins(kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return Decision(None) if mine is None or theirs is None else decide(kind, base, mine, theirs)


def nothing_shared_is_unchanged(kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return Decision(mine) if base is None and theirs is None else decide(kind, base, mine, theirs)


def posted_in_parts(_kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return decide("a_kind_of_tomorrow", base, mine, theirs)


@pytest.mark.parametrize("wrong", [last_writer_wins, per_field, deletion_wins, nothing_shared_is_unchanged, posted_in_parts])
def test_a_wrong_merge_breaks_a_promise(wrong: Any) -> None:
    found = {promise_broken(b, m, t, wrong("service_record", b, m, t)) for b, m, t in product(ROWS, ROWS, ROWS)}
    assert found - {None}


# Money facts: what they take back or nothing, an amount, what was said of it; and none at all.
FACTS: list[Body] = [
    None,
    *(
        {"reverses": r, "amount_fen": a, "minutes": m, "reason": w, "posted_on": d}
        for r, a, m, w, d in product((None, "p", "q"), (-5, -6), (-1, -2), ("", "x"), ("2026-01-01", "2026-01-02"))
    ),
]
TOLD = ("reason", "posted_on")


def fact_promise_broken(base: Body, mine: Body, theirs: Body, decision: Decision) -> str | None:
    """The promises of the merge for money facts, told without its code."""
    view, conflicts = decision.view, decision.conflicts
    if mine and theirs and mine["reverses"] and all(mine[name] == theirs[name] for name in mine.keys() - set(TOLD)):
        return None if not conflicts and view == theirs else "of one thing taken back twice theirs is the fact"
    if mine in (base, theirs) or (theirs == base and mine is not None):
        if mine is not None and theirs is None and base is None:
            return None if conflicts == (WHOLE_ROW,) and view == mine else "what we share no state with deletes nothing of ours"
        kept = mine if theirs == base and mine not in (base, theirs) else theirs
        return None if not conflicts and view == kept else "what one side changed is taken over, and nothing is asked"
    if mine is None or theirs is None:
        alive = mine if theirs is None else theirs
        whole = (WHOLE_ROW,) if theirs != base else ()
        return None if view == (alive if whole else mine) and conflicts == whole else "an edit against a deletion is asked, the row stays"
    return None if conflicts == (CHARGE,) and view == theirs else "money that differs is never decided"


def test_every_combination_of_money_facts_keeps_the_promises() -> None:
    for base, mine, theirs in product((None, *FACTS[1:5], FACTS[-1]), FACTS, FACTS):
        broken = fact_promise_broken(base, mine, theirs, decide("posting", base, mine, theirs))
        assert broken is None, (broken, base, mine, theirs)


def any_two_reversals_are_one(kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return Decision(theirs) if mine and theirs and mine["reverses"] and theirs["reverses"] else decide(kind, base, mine, theirs)


def the_same_amount_is_one(kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return Decision(theirs) if mine and theirs and mine["amount_fen"] == theirs["amount_fen"] else decide(kind, base, mine, theirs)


def no_reversal_is_another(_kind: str, base: Body, mine: Body, theirs: Body) -> Decision:
    return decide("scheme", base, mine, theirs)


@pytest.mark.parametrize("wrong", [any_two_reversals_are_one, the_same_amount_is_one, no_reversal_is_another])
def test_a_merge_that_decides_over_money_breaks_a_promise(wrong: Any) -> None:
    found = {fact_promise_broken(b, m, t, wrong("posting", b, m, t)) for b, m, t in product((None, FACTS[1]), FACTS, FACTS)}
    assert found - {None}


@pytest.mark.parametrize(("differs", "one"), [("fen", False), ("received_on", True), ("posting_id", False)])
def test_of_receipts_taken_back_twice_only_the_day_may_differ(differs: str, one: bool) -> None:
    ours: dict[str, Any] = {"reverses": "t", "fen": -5, "posting_id": "p", "received_on": "2026-01-01"}
    theirs = ours | {differs: {"fen": -6, "posting_id": "q", "received_on": "2026-01-02"}[differs]}
    told = decide("receipt", None, ours, theirs)
    assert (told.view, told.conflicts) == (theirs, () if one else (CHARGE,))


def test_the_merge_is_the_same_from_both_sides_but_for_who_is_shown() -> None:
    for base, mine, theirs in product(ROWS, ROWS, ROWS):
        one, other = decide("service_record", base, mine, theirs), decide("service_record", base, theirs, mine)
        if base is not None or None not in (mine, theirs):
            assert one.conflicts == other.conflicts
        if not (one.conflicts or other.conflicts):
            assert same(one.view, other.view)


def test_false_is_not_zero() -> None:
    assert not same({"urgent": False}, {"urgent": 0})
    assert decide("service_record", {"urgent": None}, {"urgent": False}, {"urgent": 0}).conflicts == (CHARGE,)


@pytest.mark.parametrize(
    ("kind", "field", "group"),
    [
        ("service_record", "started_at", CHARGE),
        ("service_record", "state", CHARGE),
        ("service_record", "rating", "rating"),
        ("instrument", "value_fen", CHARGE),
        ("instrument", "confidential", CHARGE),
        ("instrument", "accepted_on", "duty"),
        ("fee_line", "anything", CHARGE),
        ("a_kind_of_tomorrow", "new_fen", CHARGE),
        ("a_kind_of_tomorrow", "new", "new"),
    ],
)
def test_what_money_hangs_on_is_one_group(kind: str, field: str, group: str) -> None:
    assert group_of(kind, field) == group
    assert grouped(kind, [field]) == {group: [field]}


def test_an_open_conflict_is_carried_on_with_what_a_person_changed_meanwhile() -> None:
    shown, mine = {"minutes": 2, "rating": "x"}, {"minutes": 9, "rating": "x"}
    assert carry("service_record", (CHARGE,), mine, shown, shown | {"rating": "y"}) == {"minutes": 9, "rating": "y"}
    assert carry("service_record", (CHARGE,), mine, shown, shown | {"minutes": 5}) == {"minutes": 5, "rating": "x"}
    assert carry("service_record", (CHARGE,), None, shown, shown) == {"rating": "x"}
    assert carry("service_record", (WHOLE_ROW,), None, shown, shown) is None
    assert carry("service_record", (WHOLE_ROW,), mine, None, None) == mine
    assert carry("service_record", (WHOLE_ROW,), None, shown, shown | {"rating": "y"}) == shown | {"rating": "y"}


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        ({"state": "draft", "minutes": 60}, {"state": "posted", "minutes": 60}, True),
        ({"state": "draft", "minutes": 60}, {"state": "reversed", "minutes": 60}, True),
        ({"state": "draft", "minutes": 60}, {"state": "posted", "minutes": 90}, False),
        ({"state": "draft", "minutes": 60}, {"state": "draft", "minutes": 60}, False),
        ({"state": "posted", "minutes": 60}, {"state": "reversed", "minutes": 60}, False),
        ({"state": "draft", "minutes": 60}, None, False),
    ],
)
def test_a_draft_is_posted_since_when_nothing_else_of_it_differs(mine: Body, theirs: Body, told: bool) -> None:
    assert is_posted_since("service_record", mine, theirs) is told
    assert not is_posted_since("instrument", mine, theirs)
