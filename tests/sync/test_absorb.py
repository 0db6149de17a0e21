"""Receipts and entities taken in one by one: what an acknowledgement may and may not say."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from desktop.sync import seal
from desktop.sync.absorb import absorb, contest, remerge, settle, take_page
from desktop.sync.messages import ChangeProblem, DeviceName, Item, Limits, Page, Receipt, Result
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import BaseRow, RemoteState, Sealed
from tests.sync.memory import Memory

KEY, DEVICE = "0198c5a0-1111-7000-8000-000000000001", "0198c5a0-2222-7000-8000-000000000001"
OPS = [f"0198c5a0-0000-7000-8000-{number:012x}" for number in range(1, 9)]


def item(token: str, **fields: object) -> Item:
    body = {"id": KEY} | fields
    return Item("instrument", KEY, token, None, "update", OPS[7], body, DEVICE, None)  # type: ignore[arg-type]


@pytest.fixture
def memory() -> Memory:
    """One instrument whose base is at token t1, edited here since."""
    held = Memory()
    held.put_base(BaseRow("instrument", KEY, "t1", None, "create", OPS[0], {"id": KEY, "name": "一"}))
    held.write("instrument", KEY, name="二")
    return held


def sealed(memory: Memory) -> Sealed:
    numbers = iter(OPS)
    (batch,) = seal.pack(memory.differing(), Limits(500, 1_048_576, 10), lambda: next(numbers), 1).batches
    memory.put_sealed(batch)
    return batch


def receipt(batch: Sealed, *results: Result) -> Receipt:
    return Receipt(batch.key, batch.digest, "s", "1", list(results))


def test_an_acknowledgement_on_its_own_parent_becomes_the_base(memory: Memory) -> None:
    batch = sealed(memory)
    assert settle(memory, batch, receipt(batch, Result(OPS[0], "applied", "t2"))).n_applied == 1
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (base.token, base.parent, base.body) == ("t2", "t1", {"id": KEY, "name": "二"})
    assert memory.sealed() == []


def test_an_acknowledgement_that_comes_after_a_newer_state_does_not_turn_it_back(memory: Memory) -> None:
    batch = sealed(memory)
    absorb(memory, item("t3", name="三"))
    settle(memory, batch, receipt(batch, Result(OPS[0], "duplicate", "t2")))
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (base.token, base.body) == ("t3", {"id": KEY, "name": "三"})


def test_a_stale_change_of_something_the_service_does_not_hold_is_made_anew(memory: Memory) -> None:
    batch = sealed(memory)
    assert settle(memory, batch, receipt(batch, Result(OPS[0], "stale", None))).stale == {}
    assert seal.action_of(memory.standing("instrument", KEY)) == "create"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda b: Receipt(OPS[5], b.digest, "s", "1", [Result(OPS[0], "applied", "t2")]),
        lambda b: Receipt(b.key, "0" * 64, "s", "1", [Result(OPS[0], "applied", "t2")]),
        lambda b: receipt(b),
        lambda b: receipt(b, Result(OPS[4], "applied", "t2")),
        lambda b: receipt(b, Result(OPS[0], "applied", None)),
        lambda b: receipt(b, Result(OPS[0], "refused")),
        lambda b: receipt(b, Result(OPS[0], "of tomorrow", "t2")),
    ],
)
def test_a_receipt_of_another_batch_is_not_believed(memory: Memory, wrong: object) -> None:
    batch = sealed(memory)
    before = memory.tables.copy()
    with pytest.raises(RemoteProblem, match="sync.not_service"), memory.transaction("receipt") as step:
        settle(step, batch, wrong(batch))  # type: ignore[operator]
    assert memory.tables == before


APPLIED = Result(OPS[0], "applied", "t2")
REFUSED = Result(OPS[0], "refused", problem=ChangeProblem("value.invalid", "park"))


@pytest.mark.parametrize(
    ("cursor", "told", "result", "then"),
    [
        ("1.5", {"before": "1.5", "after": "1.6"}, APPLIED, "1.6"),
        ("", {"before": "", "after": "1.1"}, APPLIED, "1.1"),
        ("1.0", {"before": "", "after": "1.1"}, APPLIED, "1.1"),
        ("1.5", {"before": "1.5", "after": "1.5"}, REFUSED, "1.5"),
        # Another seat was faster: what it brought is still to be read.
        ("1.5", {"before": "1.6", "after": "1.7"}, APPLIED, "1.5"),
        ("", {"before": "1.6", "after": "1.7"}, APPLIED, ""),
        # What the answer says is not all that the feed says of the row.
        ("1.5", {"before": "1.5", "after": "1.6"}, Result(OPS[0], "duplicate", "t2"), "1.5"),
        ("1.5", {"before": "1.5", "after": "1.6"}, Result(OPS[0], "stale", "t9"), "1.5"),
        ("1.5", {"before": "1.5", "after": "1.6", "epoch": "2"}, APPLIED, "1.5"),
        ("1.5", {"before": "1.5", "after": "1.6", "server_id": "z"}, APPLIED, "1.5"),
        ("1.5", {}, APPLIED, "1.5"),
    ],
)
def test_what_was_sent_is_not_read_again(memory: Memory, cursor: str, told: dict[str, str], result: Result, then: str) -> None:
    memory.put_state(RemoteState("s", "1", cursor))
    batch = sealed(memory)
    settle(memory, batch, replace(receipt(batch, result), **told))
    assert memory.state() == RemoteState("s", "1", then)


def test_an_answer_that_a_newer_state_overtook_does_not_move_the_cursor(memory: Memory) -> None:
    memory.put_state(RemoteState("s", "1", "1.5"))
    batch = sealed(memory)
    absorb(memory, item("t3", name="三"))
    settle(memory, batch, replace(receipt(batch, APPLIED), before="1.5", after="1.6"))
    assert memory.state() == RemoteState("s", "1", "1.5")


def test_what_was_already_known_brings_nothing(memory: Memory) -> None:
    assert not absorb(memory, item("t1", name="一"))
    assert memory.row("instrument", KEY) == {"id": KEY, "name": "二"}


def test_a_refused_row_is_parked_with_what_it_waits_for(memory: Memory) -> None:
    batch = sealed(memory)
    problem = ChangeProblem("link.unknown", "park", "customer_id", "customer", OPS[6])
    settle(memory, batch, receipt(batch, Result(OPS[0], "refused", None, problem)))
    (parked,) = memory.parked()
    assert (parked.code, parked.field, parked.waiting_for) == ("link.unknown", "customer_id", ("customer", OPS[6]))
    other = Item("customer", OPS[6], "c1", None, "create", OPS[6], {"id": OPS[6], "name": "甲"})
    absorb(memory, other)
    assert memory.parked() == [parked]


def place(memory: Memory, kind: str = "instrument", key: str = KEY) -> tuple[object, ...]:
    row = memory.row(kind, key)
    base = memory.standing(kind, key).base
    return row and row.get("name"), base and base.token, [conflict.groups for conflict in memory.conflicts()]


def test_what_came_while_a_row_was_confidential_is_merged_when_it_is_ordinary_again(memory: Memory) -> None:
    memory.write("instrument", KEY, confidential=True)
    absorb(memory, item("t2", name="一", value_fen=7))
    assert place(memory) == ("二", "t2", [])
    memory.write("instrument", KEY, confidential=False)
    remerge(memory)
    assert place(memory) == ("二", "t2", [])
    assert memory.row("instrument", KEY)["value_fen"] == 7  # type: ignore[index]


def test_an_edit_made_elsewhere_while_a_row_was_confidential_is_not_overwritten(memory: Memory) -> None:
    memory.write("instrument", KEY, confidential=True)
    absorb(memory, item("t2", name="三"))
    absorb(memory, item("t3", name="四"))
    memory.write("instrument", KEY, confidential=False)
    assert list(seal.pending(memory.differing(), [], (), ["instrument"])) == []
    remerge(memory)
    (conflict,) = memory.conflicts()
    assert [body and body["name"] for body in (conflict.base, conflict.mine, conflict.theirs)] == ["一", "二", "四"]
    assert conflict.device_id == DEVICE


def test_a_deletion_of_what_was_confidential_stands_against_what_came_meanwhile(memory: Memory) -> None:
    memory.drop_base("instrument", KEY)
    memory.write("instrument", KEY, confidential=True)
    absorb(memory, item("t1", name="一"))
    memory.delete("instrument", KEY)
    remerge(memory)
    assert [conflict.mine for conflict in memory.conflicts()] == [None]


def test_a_conflict_keeps_our_side_when_the_base_is_forgotten(memory: Memory) -> None:
    """A restore of the service drops bases that are a history it no longer has. What it shows instead waits for the decision."""
    absorb(memory, item("t2", name="三"))
    memory.drop_base("instrument", KEY)
    absorb(memory, item("t9", name="四"))
    (conflict,) = memory.conflicts()
    assert [body and body["name"] for body in (conflict.mine, conflict.theirs)] == ["二", "三"]
    memory.write("instrument", KEY, name="二")
    memory.drop_conflict("instrument", KEY)
    remerge(memory)
    (conflict,) = memory.conflicts()
    assert [body and body["name"] for body in (conflict.mine, conflict.theirs)] == ["二", "四"]


def test_a_row_of_ours_is_not_deleted_or_brought_back_by_a_history_we_do_not_share(memory: Memory) -> None:
    memory.drop_base("instrument", KEY)
    absorb(memory, Item("instrument", KEY, "t9", "t8", "delete", OPS[7], None))
    (conflict,) = memory.conflicts()
    assert (conflict.mine and conflict.mine["name"], conflict.theirs) == ("二", None)
    assert memory.row("instrument", KEY) is not None


def test_a_deletion_of_ours_is_not_forgotten_with_the_base(memory: Memory) -> None:
    memory.delete("instrument", KEY)
    memory.drop_base("instrument", KEY)
    absorb(memory, item("t9", name="四"))
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["name"]) == (None, "四")


def test_a_deletion_in_conflict_is_still_asked_when_the_base_is_forgotten(memory: Memory) -> None:
    """Two restores of the service: the first makes the conflict, the second drops its base and brings an older state."""
    memory.delete("instrument", KEY)
    absorb(memory, item("t2", name="三"))
    memory.drop_base("instrument", KEY)
    absorb(memory, item("t8", name="三"))
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["name"]) == (None, "三")
    memory.drop_base("instrument", KEY)
    absorb(memory, item("t9", name="四"))
    assert memory.conflicts() == [conflict]
    memory.delete("instrument", KEY)
    memory.drop_conflict("instrument", KEY)
    remerge(memory)
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["name"]) == (None, "四")


def test_a_deletion_still_to_be_sent_stays_one_when_the_same_row_comes_anew(memory: Memory) -> None:
    """Another seat deleted the row and gave that up: what is there is what was deleted here, under a new token."""
    memory.delete("instrument", KEY)
    absorb(memory, item("t3", name="一"))
    assert memory.conflicts() == []
    assert [seal.action_of(row) for row in memory.differing()] == ["delete"]


def test_a_deletion_in_conflict_does_not_win_because_the_other_side_takes_its_edit_back(memory: Memory) -> None:
    memory.delete("instrument", KEY)
    absorb(memory, item("t2", name="三"))
    absorb(memory, item("t3", name="一"))
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["name"]) == (None, "一")
    assert place(memory) == ("一", "t3", [("*",)])


def test_who_goes_on_with_a_row_that_met_a_deletion_is_not_asked_about_what_others_changed(memory: Memory) -> None:
    memory.delete("instrument", KEY)
    absorb(memory, item("t2", name="三"))
    memory.write("instrument", KEY, technical="新")
    absorb(memory, item("t3", name="四"))
    assert place(memory) == ("四", "t3", [])
    assert [seal.action_of(row) for row in memory.differing()] == ["update"]


def record(key: str, target: str, **fields: object) -> Item:
    body = {"id": key, "number": key[-4:], "instrument_id": target, "minutes": 1, "amount_fen": 100, "state": "draft"} | fields
    return Item("service_record", key, f"r{key[-1]}", None, "create", key, body, DEVICE, None)  # type: ignore[arg-type]


def test_a_row_waits_for_the_one_it_refers_to_over_pages_and_is_then_taken_in(memory: Memory) -> None:
    memory.put_state(RemoteState("s", "1", "0"))
    first, later = Page("s", "1", [record(OPS[1], OPS[2])], "1", True), item("i1", name="五", asset_number="A")
    assert take_page(memory, first) == 1
    assert [(row.code, row.waiting_for) for row in memory.parked()] == [("here.link", ("instrument", OPS[2]))]
    take_page(memory, Page("s", "1", [replace(later, id=OPS[2], body={"id": OPS[2], "name": "五"})], "2", False))
    assert memory.parked() == []
    assert memory.row("service_record", OPS[1]) is not None
    assert memory.unmerged() == []


def test_the_names_of_devices_are_kept_with_the_page_that_tells_them(memory: Memory) -> None:
    memory.put_state(RemoteState("s", "1", "0"))
    take_page(memory, Page("s", "1", [], "1", True, devices=[DeviceName("d1", "一号机"), DeviceName("d2", "二号机")]))
    take_page(memory, Page("s", "1", [], "2", False, devices=[DeviceName("d2", "改名的")]))
    assert memory.devices == {"d1": "一号机", "d2": "改名的"}


def test_a_change_this_ledger_must_refuse_is_asked_at_the_end_of_the_feed(memory: Memory) -> None:
    memory.put_state(RemoteState("s", "1", "0"))
    memory.write("instrument", OPS[2], asset_number="A", name="占号")
    refused = item("t2", name="一", asset_number="A")
    take_page(memory, Page("s", "1", [refused], "1", True))
    assert [row.code for row in memory.parked()] == ["here.twice"]
    assert list(seal.pending([memory.standing("instrument", KEY)], [], (), ["instrument"])) == []
    take_page(memory, Page("s", "1", [], "2", False))
    assert memory.parked() == []
    (conflict,) = memory.conflicts()
    assert (conflict.mine and conflict.mine["name"], conflict.theirs and conflict.theirs["asset_number"]) == ("二", "A")


def test_a_withdrawal_does_not_delete_an_edit_nobody_here_has_seen(memory: Memory) -> None:
    memory.write("instrument", KEY, confidential=True)
    memory.withdraw("instrument", KEY)
    assert [seal.action_of(row) for row in memory.differing()] == ["delete"]
    absorb(memory, item("t2", name="三"))
    (parked,) = memory.parked()
    assert parked.code == "here.changed_since"
    assert list(seal.pending(memory.differing(), [parked], (), ["instrument"])) == []


def test_a_posted_record_takes_no_other_edit_in(memory: Memory) -> None:
    memory.write("instrument", OPS[2], asset_number="A")
    absorb(memory, record(OPS[1], OPS[2]))
    memory.write("service_record", OPS[1], state="posted")
    absorb(memory, replace(record(OPS[1], OPS[2], rating="好"), token="r9"))
    contest(memory)
    (conflict,) = memory.conflicts()
    assert memory.row("service_record", OPS[1])["state"] == "posted"  # type: ignore[index]
    assert (conflict.mine and conflict.mine["state"], conflict.theirs and conflict.theirs["rating"]) == ("posted", "好")


def test_a_base_knows_the_states_that_came_before_it(memory: Memory) -> None:
    absorb(memory, item("t2", name="二"))
    memory.write("instrument", KEY, name="六")
    batch = sealed(memory)
    settle(memory, batch, receipt(batch, Result(OPS[0], "applied", "t3")))
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (base.token, base.seen) == ("t3", ("t2", "t1"))
    for n in range(4, 40):
        absorb(memory, item(f"t{n}", name="六"))
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (len(base.seen), base.seen[0]) == (16, "t38")
