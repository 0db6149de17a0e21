"""Two seats and the real service: nothing lost, nothing twice, nothing silently overwritten, nothing confidential out."""

from __future__ import annotations

import json
from itertools import count

import msgspec
import pytest

from desktop.ledger.problem import Cancelled
from desktop.sync import round as rounds
from desktop.sync.messages import SchemaRange
from desktop.sync.outcome import RemoteProblem
from desktop.sync.round import RunReport
from tests.sync.memory_tables import Killed
from tests.sync.rig import Pair, Seat, level, lost


def test_what_one_seat_enters_the_other_gets(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(note="只在本机", future="明天的字段")
    record = first.record(key)
    sent = first.sync()
    assert (sent.sent, sent.received, sent.digest_equal, sent.in_sync) == (2, 0, True, True)
    got = second.sync()
    assert (got.received, got.sent, got.in_sync) == (2, 0, True)
    row = second.memory.row("instrument", key)
    assert row is not None
    assert row["future"] == "明天的字段"
    assert "note" not in row
    assert second.memory.row("service_record", record)["amount_fen"] == 30_000  # type: ignore[index]
    assert first.memory.row("instrument", key)["note"] == "只在本机"  # type: ignore[index]


@pytest.mark.parametrize(("older", "n_requests"), [(False, 3), (True, 4)])
def test_a_run_with_nothing_to_do_sends_nothing_in_three_requests(pair: Pair, older: bool, n_requests: int) -> None:
    """A new token, who the service is, what is new: the digest comes with that, and is asked for where it does not."""
    first, second = pair
    first.instrument()
    first.sync()
    first.start()
    first.line.older = older
    report = first.sync()
    assert report == RunReport(0, 0, 0, 0, 0, 0, 0, 0, 0, True, 1)
    assert first.client.n_requests == n_requests
    assert first.line.sent == []
    level(first, second)


@pytest.mark.parametrize("range_", [SchemaRange(2, 3), SchemaRange(0, 0)], ids=["newer", "older"])
def test_a_service_that_speaks_no_schema_of_ours_is_told_nothing(pair: Pair, range_: SchemaRange, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = pair
    first.instrument()
    ask = first.client.capabilities
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(first.client, "capabilities", lambda: msgspec.structs.replace(ask(), schema=range_))
        with pytest.raises(RemoteProblem, match="sync.upgrade"):
            first.sync()
        assert first.line.sent == []
        # The broken variant: a program that takes whatever the service speaks for its own schema.
        elsewhere.setattr(rounds, "SCHEMA", range_.min)
        assert first.sync().sent == 1
    second = first.sync()
    assert (second.sent, second.in_sync) == (0, True)


@pytest.mark.parametrize("stage", ["send", "changes", "digest", "capabilities"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_question_or_answer_costs_nothing(pair: Pair, stage: str, moment: str) -> None:
    first, second = pair
    for number in range(3):
        first.instrument(f"A{number}")
    first.line.older = stage == "digest"
    setattr(first.line, moment, lost(stage))
    with pytest.raises(RemoteProblem, match="sync.offline"):
        first.sync()
    report = first.sync()
    assert report.in_sync
    assert len(set(first.line.sent)) == 1
    second.sync()
    assert len(second.memory.tables.rows) == 3
    level(first, second)


@pytest.mark.parametrize("name", ["sync: seal", "sync: about to send", "sync: receipt", "sync: page", "sync: compare"])
def test_a_kill_in_any_transaction_leaves_a_ledger_that_goes_on(pair: Pair, name: str) -> None:
    first, second = pair
    second.instrument("B")
    second.sync()
    first.instrument("A")
    first.memory.die_in = name
    with pytest.raises(Killed):
        first.sync()
    first.memory.die_in = None
    assert first.sync().in_sync
    level(first, second)
    assert sorted(row["asset_number"] for row in second.memory.tables.rows.values()) == ["A", "B"]


def test_an_edit_made_after_sealing_is_sent_by_the_next_round_and_not_lost(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(name="旧名")

    def edit(called: str) -> None:
        if called == "send" and first.memory.row("instrument", key)["name"] == "旧名":  # type: ignore[index]
            first.memory.write("instrument", key, name="发送途中改的")

    first.line.after = edit
    assert first.sync().sent == 2
    level(first, second)
    assert second.memory.row("instrument", key)["name"] == "发送途中改的"  # type: ignore[index]


def test_edits_of_different_fields_are_both_kept(pair: Pair) -> None:
    first, second = pair
    key = first.instrument()
    level(first, second)
    first.memory.write("instrument", key, technical="甲改")
    second.memory.write("instrument", key, functions="乙改")
    first.sync()
    report = second.sync()
    assert (report.conflicts, report.sent, report.rounds) == (0, 1, 2)
    level(second, first)
    row = first.memory.row("instrument", key)
    assert row is not None
    assert (row["technical"], row["functions"]) == ("甲改", "乙改")


def test_edits_of_the_same_money_are_a_conflict_that_keeps_all_three(pair: Pair) -> None:
    first, second = pair
    record = first.record(first.instrument())
    level(first, second)
    first.memory.write("service_record", record, amount_fen=40_000)
    second.memory.write("service_record", record, minutes=90, rating="好")
    first.sync()
    report = second.sync()
    assert (report.conflicts, report.sent, report.in_sync, report.digest_equal) == (1, 0, False, True)
    (conflict,) = second.memory.conflicts()
    assert (conflict.groups, conflict.device_id) == (("charge",), first.device_id)
    assert conflict.base is not None
    assert conflict.mine is not None
    assert conflict.theirs is not None
    assert [body["amount_fen"] for body in (conflict.base, conflict.mine, conflict.theirs)] == [30_000, 30_000, 40_000]
    assert [body["minutes"] for body in (conflict.base, conflict.mine, conflict.theirs)] == [100, 90, 100]
    shown = second.memory.row("service_record", record)
    assert shown is not None
    assert (shown["amount_fen"], shown["minutes"], shown["rating"]) == (40_000, 100, "好")
    assert second.sync().sent == 0

    second.memory.write("service_record", record, minutes=90, amount_fen=27_000)
    second.memory.drop_conflict("service_record", record)
    assert second.sync().sent == 1
    level(second, first)
    assert first.memory.row("service_record", record)["amount_fen"] == 27_000  # type: ignore[index]


def test_an_open_conflict_survives_later_changes_from_the_other_side(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(value_fen=100)
    level(first, second)
    first.memory.write("instrument", key, value_fen=200)
    second.memory.write("instrument", key, value_fen=300)
    first.sync()
    assert second.sync().conflicts == 1
    first.memory.write("instrument", key, value_fen=250, name="新名")
    first.sync()
    assert second.sync().conflicts == 1
    (conflict,) = second.memory.conflicts()
    assert conflict.mine is not None
    assert conflict.theirs is not None
    assert (conflict.mine["value_fen"], conflict.theirs["value_fen"]) == (300, 250)
    assert second.memory.row("instrument", key)["name"] == "新名"  # type: ignore[index]
    first.memory.write("instrument", key, value_fen=300)
    first.sync()
    assert second.sync().conflicts == 0
    level(first, second)


def test_a_deletion_arrives_and_an_edit_against_it_is_a_conflict(pair: Pair) -> None:
    first, second = pair
    gone, edited = first.instrument(), first.instrument()
    level(first, second)
    first.memory.delete("instrument", gone)
    first.memory.delete("instrument", edited)
    second.memory.write("instrument", edited, name="还要用")
    assert first.sync().sent == 2
    report = second.sync()
    assert (report.conflicts, report.sent, second.memory.row("instrument", gone)) == (1, 0, None)
    assert second.memory.row("instrument", edited)["name"] == "还要用"  # type: ignore[index]
    (conflict,) = second.memory.conflicts()
    assert conflict.mine is not None
    assert (conflict.mine["name"], conflict.theirs) == ("还要用", None)

    second.memory.write("instrument", edited, **conflict.mine)
    second.memory.drop_conflict("instrument", edited)
    second.sync()
    level(first, second)
    assert first.memory.row("instrument", edited)["name"] == "还要用"  # type: ignore[index]


def test_absence_deletes_nothing(pair: Pair) -> None:
    first, second = pair
    key = first.instrument()
    level(first, second)
    del second.memory.tables.rows["instrument", key]
    assert second.sync().sent == 0
    first.sync()
    assert first.memory.row("instrument", key) is not None


def test_one_refused_row_is_parked_and_the_other_499_arrive(pair: Pair) -> None:
    first, second = pair
    keys = [first.instrument(f"A{number:04}") for number in range(499)]
    bad = first.instrument(name="")
    waiting = first.record(bad)
    report = first.sync()
    assert (report.sent, report.refused, report.parked, report.pending, report.in_sync) == (499, 2, 2, 0, False)
    parked = {row.id: row for row in first.memory.parked()}
    assert (parked[bad].code, parked[bad].field) == ("field.missing", "name")
    assert (parked[waiting].code, parked[waiting].waiting_for) == ("link.unknown", ("instrument", bad))
    assert first.sync().sent == 0
    assert second.sync().received == 499
    assert len(keys) == 499

    first.memory.write("instrument", bad, name="补上名称")
    mended = first.sync()
    assert (mended.sent, mended.parked, mended.in_sync) == (2, 0, True)
    level(first, second)


def test_more_rows_than_a_batch_go_in_several_and_none_twice(pair: Pair) -> None:
    first, second = pair
    for number in range(1201):
        first.instrument(f"A{number:05}", technical="长" * 200)
    report = first.sync()
    assert (report.sent, report.duplicates, report.in_sync) == (1201, 0, True)
    sizes = [len(json.loads(content)["changes"]) for content in first.line.sent]
    assert sum(sizes) == 1201
    assert max(sizes) <= 500
    assert max(len(content) for content in first.line.sent) <= 1_048_576
    assert second.sync().received == 1201


def test_a_kill_while_the_next_page_is_on_its_way_leaves_a_ledger_that_goes_on(pair: Pair) -> None:
    """The same client goes on: what it asked for ahead is not what it is answered with."""
    first, second = pair
    for number in range(1_201):
        first.instrument(f"Y{number}")
    first.sync()
    second.memory.die_in = "sync: page"
    with pytest.raises(Killed):
        second.sync()
    assert second.memory.tables.rows == {}
    second.memory.die_in = None
    assert second.sync().received == 1_201
    level(first, second)


@pytest.mark.parametrize(("older", "n_items"), [(False, 0), (True, 1_201)])
def test_what_was_sent_does_not_come_back(pair: Pair, older: bool, n_items: int) -> None:
    first, second = pair
    first.line.older = older
    instrument = first.instrument()
    for _ in range(1_200):
        first.record(instrument)
    assert first.sync().in_sync
    assert first.line.n_items == n_items
    level(first, second)
    assert second.line.n_items == 1_201


def test_what_another_seat_sends_between_two_batches_is_read(pair: Pair) -> None:
    first, second = pair
    instrument = first.instrument()
    for _ in range(1_200):
        first.record(instrument)
    sent: list[str] = []

    def between(name: str) -> None:
        if name == "send":
            sent.append(name)
            if len(sent) == 2:
                second.instrument("SB-2")
                assert second.sync().digest_equal

    first.line.before = between
    report = first.sync()
    assert report.in_sync
    assert report.received == 1
    # Up to where the other one came in nothing is read again.
    assert 1 < first.line.n_items < 1_201
    level(first, second)


def test_a_row_too_large_for_any_batch_is_parked_here(pair: Pair) -> None:
    first, _ = pair
    first.instrument("A")
    fields = {f"text_{number}": "长" * 20_000 for number in range(20)}
    first.instrument("B", **fields)
    report = first.sync()
    assert (report.sent, report.parked) == (1, 1)
    assert first.memory.parked()[0].code == "change.too_large"


def test_preview_shows_what_is_sealed_and_only_that_is_sent(pair: Pair) -> None:
    first, _ = pair
    first.record(first.instrument("SB-1", value_fen=100), amount_fen=30_000)
    first.instrument("SB-2", value_fen=250)
    first.instrument("MI", confidential=True)
    shown = rounds.prepare(first.memory, first.client.capabilities(), first.new_id)
    assert (shown.n_changes, shown.n_withheld, len(shown.digests)) == (3, 1, 1)
    told = {(group.kind, group.action): (group.n_changes, dict(group.sums_fen)) for group in shown.groups}
    assert told == {
        ("instrument", "create"): (2, {"value_fen": 350}),
        ("service_record", "create"): (1, {"amount_fen": 30_000}),
    }
    assert first.line.sent == []
    first.instrument("SB-3")
    assert first.sync(approved=frozenset()).sent == 0
    report = first.sync(approved=frozenset(shown.digests))
    assert (report.sent, report.pending) == (3, 1)
    assert first.sync().sent == 1


def test_a_refused_preview_leaves_everything_pending(pair: Pair) -> None:
    first, _ = pair
    key = first.instrument(name="错名")
    rounds.prepare(first.memory, first.client.capabilities(), first.new_id)
    rounds.discard(first.memory)
    assert first.memory.sealed() == []
    first.memory.write("instrument", key, name="对名")
    again = rounds.prepare(first.memory, first.client.capabilities(), first.new_id)
    assert again.lines[0].body is not None
    assert again.lines[0].body["name"] == "对名"


def test_cancelling_between_requests_keeps_what_was_done(pair: Pair) -> None:
    first, second = pair
    first.instrument()
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        first.sync(cancelled=lambda: next(asked))
    assert first.memory.sealed() == []
    level(first, second)


def _always_something_new(seat: Seat) -> RunReport:
    """A run while people go on working: with every page that is read there is another row to send."""
    n_entered = count(1)

    def entered(name: str) -> None:
        if name == "changes":
            assert next(n_entered) <= 20, "the run goes on and on"
            seat.instrument()

    seat.line.after = entered
    try:
        return seat.sync()
    finally:
        seat.line.after = lambda _name: None


def test_a_run_ends_although_there_is_always_something_new(pair: Pair) -> None:
    first, second = pair
    report = _always_something_new(first)
    assert (report.rounds, report.sent, report.pending) == (12, 11, 1)
    assert (report.digest_equal, report.in_sync) == (None, False)
    level(first, second)


def test_a_run_that_does_not_end_is_noticed(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: rounds without an end."""
    monkeypatch.setattr(rounds, "N_ROUNDS", 1_000)
    with pytest.raises(AssertionError, match="on and on"):
        _always_something_new(pair[0])


def test_a_wrong_digest_is_told_and_the_next_run_reads_everything_again(pair: Pair) -> None:
    """The broken variant: a base that was altered behind the engine's back."""
    first, _ = pair
    key = first.instrument(name="真名")
    first.sync()
    base = first.memory.tables.bases["instrument", key]
    forged = type(base)(base.kind, base.id, "1.forged", None, "create", base.op_id, base.body)
    first.memory.tables.bases["instrument", key] = forged
    report = first.sync()
    assert (report.digest_equal, report.in_sync) == (False, False)
    assert first.sync().in_sync
