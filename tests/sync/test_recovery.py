"""What is handed back after a restore, in which order, and what becomes of what the service could not take back."""

from __future__ import annotations

import json

import pytest

from desktop.sync import further, recovery, seal
from desktop.sync.absorb import absorb, contest, remerge
from desktop.sync.messages import Item, Limits, Recovered, RecoveredItem
from desktop.sync.ports import NOT_YET, TOLD_OTHERWISE, BaseRow, Parked
from tests.sync.memory import Memory

KEYS = [f"0198c5a0-0000-7000-8000-{number:012x}" for number in range(10)]
INSTRUMENT, GONE, RECORD, GONE_RECORD, POSTING, REVERSAL = KEYS[9], KEYS[1], KEYS[8], KEYS[7], KEYS[5], KEYS[4]


@pytest.fixture
def memory() -> Memory:
    """An instrument with a posted and reversed record, and another that was deleted with its record."""
    held = Memory()
    for kind, key, body in (
        ("posting", REVERSAL, {"id": REVERSAL, "record_id": RECORD, "reverses": POSTING}),
        ("posting", POSTING, {"id": POSTING, "record_id": RECORD, "reverses": None}),
        ("instrument", GONE, None),
        ("service_record", GONE_RECORD, None),
        ("service_record", RECORD, {"id": RECORD, "instrument_id": INSTRUMENT}),
        ("instrument", INSTRUMENT, {"id": INSTRUMENT, "asset_number": "A"}),
    ):
        action = "delete" if body is None else "create"
        held.put_base(BaseRow(kind, key, f"1.{key}", None, action, key, body))  # type: ignore[arg-type]
    return held


def test_rows_are_handed_back_after_those_they_refer_to_and_deletions_the_other_way_round(memory: Memory) -> None:
    told = [json.loads(content)["items"][0]["id"] for content in recovery.tail(memory, Limits(1, 1_048_576, 10))]
    assert told == [INSTRUMENT, RECORD, POSTING, REVERSAL, GONE_RECORD, GONE]


def test_a_deletion_that_was_not_taken_back_is_asked_about(memory: Memory) -> None:
    """Another row refers to it there: what was deleted here stands against what is there, and a person decides."""
    memory.tables.tombstones["instrument", GONE] = None
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", GONE, "refused")]))
    absorb(memory, Item("instrument", GONE, "1.x", None, "create", KEYS[0], {"id": GONE, "asset_number": "B"}))
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["asset_number"]) == (None, "B")


FACT = {"id": POSTING, "record_id": RECORD, "amount_fen": 100, "reverses": None}


@pytest.mark.parametrize(
    ("kind", "code", "asked"),
    [
        ("posting", NOT_YET, False),
        ("posting", TOLD_OTHERWISE, False),
        ("posting", "here.link", True),
        ("instrument", NOT_YET, True),
    ],
)
@pytest.mark.parametrize("forgets", ["the remote", "the gate"])
def test_nobody_is_asked_about_a_fact_that_they_can_neither_take_nor_decline(memory: Memory, kind: str, code: str, asked: bool, forgets: str) -> None:
    """Another seat made it and tells it again; all else that the remote forgot before it came in here is kept."""
    memory.put_base(BaseRow(kind, POSTING, "1.a", None, "create", KEYS[0], FACT, False))  # type: ignore[arg-type]
    memory.park(Parked(kind, POSTING, code, "", ""))
    if forgets == "the remote":
        recovery.fold(memory, Recovered("s", "2", [RecoveredItem(kind, POSTING, "refused")]))  # type: ignore[arg-type]
    else:
        memory.write("service_record", RECORD, confidential=True)
        recovery.tail(memory, Limits(10, 1_048_576, 10))
    assert memory.base(kind, POSTING) is None
    assert [[one.body for one in conflict.further] for conflict in memory.conflicts()] == [[FACT]] * asked


@pytest.mark.parametrize(("reverses", "status", "asked"), [(RECORD, "diverged", False), (RECORD, "refused", True), (None, "diverged", True)])
def test_nobody_is_asked_about_a_reversal_when_the_remote_has_another_of_the_same(memory: Memory, reverses: str | None, status: str, asked: bool) -> None:
    """What it takes back is not here yet; the other reversal is the fact. One that the remote has nothing of is kept."""
    fact = FACT | {"reverses": reverses}
    memory.put_base(BaseRow("posting", POSTING, "1.a", None, "create", KEYS[0], fact, False))
    memory.park(Parked("posting", POSTING, "here.link", "reverses", ""))
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("posting", POSTING, status)]))  # type: ignore[arg-type]
    assert memory.base("posting", POSTING) is None
    assert [[one.body for one in conflict.further] for conflict in memory.conflicts()] == [[fact]] * asked


def test_a_third_state_waits_until_two_are_decided(memory: Memory) -> None:
    """The remote lost what an open conflict shows as theirs, and this ledger has the last copy of it: what the remote holds instead is not put over it."""
    memory.put_base(BaseRow("instrument", INSTRUMENT, "2.a", "1.a", "update", KEYS[0], {"id": INSTRUMENT, "asset_number": "A", "name": "二"}))
    memory.write("instrument", INSTRUMENT, asset_number="A", name="一")
    absorb(memory, Item("instrument", INSTRUMENT, "3.b", "2.b", "update", KEYS[2], {"id": INSTRUMENT, "asset_number": "A", "name": "三"}))
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    absorb(memory, Item("instrument", INSTRUMENT, "2.c", "1.a", "update", KEYS[3], {"id": INSTRUMENT, "asset_number": "A", "name": "四"}))
    remerge(memory)
    contest(memory)
    (first,) = memory.conflicts()
    assert [first.mine and first.mine["name"], first.theirs and first.theirs["name"]] == ["一", "三"]
    assert (memory.row("instrument", INSTRUMENT) or {})["name"] == "三"
    assert not list(seal.pending(memory.differing(), [], (), ["instrument"]))

    memory.drop_conflict("instrument", INSTRUMENT)
    remerge(memory)
    (second,) = memory.conflicts()
    assert [second.mine and second.mine["name"], second.theirs and second.theirs["name"]] == ["三", "四"]


def test_what_a_person_typed_over_the_conflict_is_all_that_stands_against_a_third_state(memory: Memory) -> None:
    """They saw both sides when they typed: nothing has to wait."""
    memory.write("instrument", INSTRUMENT, asset_number="A", name="一")
    absorb(memory, Item("instrument", INSTRUMENT, "3.b", "2.b", "update", KEYS[2], {"id": INSTRUMENT, "asset_number": "A", "name": "三"}))
    memory.write("instrument", INSTRUMENT, name="五")
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    absorb(memory, Item("instrument", INSTRUMENT, "2.c", "1.a", "update", KEYS[3], {"id": INSTRUMENT, "asset_number": "A", "name": "四"}))
    (conflict,) = memory.conflicts()
    assert [conflict.mine and conflict.mine["name"], conflict.theirs and conflict.theirs["name"]] == ["五", "四"]


def waiting(memory: Memory) -> None:
    """A conflict of 一 and 三; the remote forgot 三 and has 四, which waits."""
    memory.put_base(BaseRow("instrument", INSTRUMENT, "2.a", "1.a", "update", KEYS[0], {"id": INSTRUMENT, "asset_number": "A", "name": "二", "power": "二"}))
    memory.write("instrument", INSTRUMENT, asset_number="A", name="一", power="一")
    come(memory, "3.b", "三")
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    come(memory, "2.c", "四", device="C")


def come(memory: Memory, token: str, name: str, device: str = "") -> None:
    body = {"id": INSTRUMENT, "asset_number": "A", "name": name, "power": name}
    absorb(memory, Item("instrument", INSTRUMENT, token, "1.a", "update", KEYS[3], body, device_id=device))


def further_names(memory: Memory) -> list[object]:
    (conflict,) = memory.conflicts()
    return [one.body and one.body["name"] for one in conflict.further]


def test_what_waits_is_kept_by_the_conflict_when_the_remote_forgets_that_too(memory: Memory) -> None:
    waiting(memory)
    recovery.fold(memory, Recovered("s", "3", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    come(memory, "2.d", "五")
    (conflict,) = memory.conflicts()
    assert [conflict.theirs and conflict.theirs["name"], further_names(memory), conflict.further[0].device_id] == ["三", ["四"], "C"]
    recovery.fold(memory, Recovered("s", "4", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    come(memory, "2.e", "四")
    assert further_names(memory) == ["五"], "what the remote has again waits as it did"


def test_a_remote_that_is_asked_by_name_and_has_nothing_takes_nothing_along(memory: Memory) -> None:
    waiting(memory)
    further.forget(memory, ("instrument", INSTRUMENT))
    assert (further_names(memory), memory.base("instrument", INSTRUMENT)) == (["四"], None)


def test_who_types_over_one_group_has_not_decided_the_other(memory: Memory) -> None:
    """The name was the last copy of theirs: it goes on beside what came in its place."""
    waiting(memory)
    memory.write("instrument", INSTRUMENT, power="六")
    remerge(memory)
    (conflict,) = memory.conflicts()
    assert [conflict.mine and conflict.mine["name"], conflict.theirs and conflict.theirs["name"], further_names(memory)] == ["一", "四", ["三"]]


def test_what_was_withheld_while_the_rest_was_handed_back_is_not_believed(memory: Memory) -> None:
    """It became ordinary before the remote answered, and was in no tail: whether the remote has it is not known."""
    memory.write("instrument", INSTRUMENT, asset_number="A", confidential=True)
    told = b"".join(recovery.tail(memory, Limits(10, 1_048_576, 10)))
    assert INSTRUMENT.encode() not in told
    memory.write("instrument", INSTRUMENT, confidential=False)
    recovery.begin(memory, "s", "2")
    assert memory.base("instrument", INSTRUMENT) is None
    assert memory.base("instrument", GONE) is not None


@pytest.mark.parametrize(("kept", "again"), [(b"%PDF", True), (None, False)], ids=["the file is here", "another seat has it"])
def test_a_file_that_was_withheld_when_the_remote_was_restored_goes_with_its_row_again(kept: bytes | None, again: bool) -> None:
    memory = Memory()
    body = {"id": KEYS[2], "of_kind": "instrument", "of_id": INSTRUMENT, "name": "合同.pdf", "sha256": "ab" * 32, "n_bytes": 4}
    memory.write("instrument", INSTRUMENT, asset_number="A", confidential=True)
    memory.write("attachment", **{"key": KEYS[2], **{name: value for name, value in body.items() if name != "id"}})
    if kept is not None:
        memory.files["ab" * 32] = kept
    absorb(memory, Item("attachment", KEYS[2], "1.a", None, "create", KEYS[0], body))
    memory.write("instrument", INSTRUMENT, confidential=False)
    remerge(memory)
    assert (memory.base("attachment", KEYS[2]) is None) is again
