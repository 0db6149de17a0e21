"""Two seats and the real service: nothing lost, nothing twice, nothing silently overwritten, nothing confidential out."""

from __future__ import annotations

import json
import shutil

import pytest

from desktop.ledger.problem import Cancelled
from desktop.sync import round as rounds
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.round import RunReport
from tests.sync.memory import Killed
from tests.sync.rig import Province, Seat, lost, seats

Pair = tuple[Seat, Seat]


def level(*pair: Seat) -> None:
    """After quiet: the same rows everywhere, and the service agrees."""
    shown = []
    for seat in pair:
        report = seat.sync()
        assert report.in_sync, report
        shown.append({place: seat.memory.standing(*place).local for place in seat.memory.tables.rows})
    assert all(rows == shown[0] for rows in shown)


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


def test_a_row_too_large_for_any_batch_is_parked_here(pair: Pair) -> None:
    first, _ = pair
    first.instrument("A")
    fields = {f"text_{number}": "长" * 20_000 for number in range(20)}
    first.instrument("B", **fields)
    report = first.sync()
    assert (report.sent, report.parked) == (1, 1)
    assert first.memory.parked()[0].code == "change.too_large"


def test_confidential_rows_stay_here_and_are_counted(pair: Pair) -> None:
    first, second = pair
    secret = first.instrument("MI-7749", name="涉密标记七七四九", confidential=True)
    first.instrument("SB-1")
    report = first.sync()
    assert (report.sent, report.withheld, report.in_sync) == (1, 1, True)
    assert len(first.line.sent) == 1
    for marker in (secret, "MI-7749", "涉密标记七七四九"):
        assert all(marker.encode() not in content for content in first.line.sent)
    assert second.sync().received == 1


def test_what_carries_something_confidential_stays_here_visibly_and_the_others_go_on(province: Province) -> None:
    """The broken variant: a storage that offers confidential rows. The gate finds them before a byte leaves; an ordinary row
    that tells of one stays here too, until it is changed."""
    seat = Seat(province, leaky=True)
    seat.enrol(province.code(province.institution()))
    seat.instrument("SB-1")
    secret = seat.instrument("MI-7749", name="涉密标记七七四九", confidential=True)
    teller = seat.instrument("SB-2", functions="与涉密标记七七四九联用")
    report = seat.sync()
    assert (report.sent, report.parked, report.in_sync, len(seat.line.sent)) == (1, 2, False, 1)
    assert "七七四九".encode() not in seat.line.sent[0]
    assert {(row.id, row.code) for row in seat.memory.parked()} == {(secret, "here.confidential"), (teller, "here.confidential")}
    with pytest.raises(Withheld):
        seat.client.send(b'{"changes":[{"body":{"note":"\\u6d89\\u5bc6\\u6807\\u8bb0\\u4e03\\u4e03\\u56db\\u4e5d"}}]}')
    seat.memory.write("instrument", teller, functions="与另一台联用")
    report = seat.sync()
    assert (report.sent, report.parked) == (1, 1)


def test_a_withdrawal_sends_a_key_and_nothing_else(pair: Pair) -> None:
    first, second = pair
    key = first.instrument("SB-W", name="先是公开后来涉密")
    level(first, second)
    first.memory.write("instrument", key, confidential=True)
    assert first.sync().sent == 0
    first.memory.withdraw("instrument", key)
    report = first.sync()
    assert (report.sent, report.withheld, report.in_sync) == (1, 1, True)
    told = json.loads(first.line.sent[-1])["changes"]
    assert [(change["action"], change["id"], change["body"]) for change in told] == [("delete", key, None)]
    second.sync()
    assert second.memory.row("instrument", key) is None
    assert first.memory.row("instrument", key) is not None


def test_a_row_that_became_confidential_is_not_asked_for_by_name(pair: Pair) -> None:
    first, second = pair
    key = first.instrument("SB-N", name="还没有涉密")
    level(first, second)
    second.memory.write("instrument", key, name="别处改了名")
    second.sync()
    first.memory.write("instrument", key, technical="本机也改了")

    def classify(called: str) -> None:
        if called == "changes":
            first.memory.write("instrument", key, confidential=True)

    first.line.before = classify
    report = first.sync()
    assert (report.received, report.withheld, report.digest_equal) == (1, 1, True)


def test_a_tail_leaves_out_what_names_something_confidential(fresh: Province) -> None:
    first, second = seats(fresh)
    second.instrument("TWIN-7")
    second.sync()
    assert first.sync().received == 1
    first.memory.delete("instrument", next(key for _, key in first.memory.tables.rows))
    first.instrument("TWIN-7", name="同号而涉密的一台", confidential=True)
    fresh.stop()
    fresh.restored()
    fresh.start()
    report = first.sync()
    assert b"TWIN-7" not in b"".join(first.line.sent)
    assert (report.withheld, report.digest_equal) == (1, True)


def test_a_row_made_confidential_after_sealing_does_not_leave_and_blocks_nothing(pair: Pair) -> None:
    first, second = pair
    secret, other = first.instrument("MI-7749", name="涉密标记七七四九"), first.instrument("SB-1")
    first.line.before = lost("send")
    with pytest.raises(RemoteProblem):
        first.sync()
    assert len(first.memory.sealed()) == 1
    first.memory.write("instrument", secret, confidential=True)
    report = first.sync()
    assert (report.sent, report.withheld, report.pending) == (1, 1, 0)
    assert all("涉密标记七七四九".encode() not in content for content in first.line.sent)
    second.sync()
    assert list(second.memory.tables.rows) == [("instrument", other)]


def test_a_batch_that_had_arrived_is_settled_by_its_receipt_when_it_may_not_be_sent_again(pair: Pair) -> None:
    first, _ = pair
    secret = first.instrument("MI-7749", name="涉密标记七七四九")
    first.line.after = lost("send")
    with pytest.raises(RemoteProblem):
        first.sync()
    first.memory.write("instrument", secret, confidential=True)
    report = first.sync()
    assert (report.sent, report.digest_equal, len(first.line.sent)) == (1, True, 1)
    assert first.memory.tables.bases["instrument", secret].token


def test_what_comes_for_a_row_that_is_confidential_here_does_not_overwrite_it(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(name="公开名")
    level(first, second)
    first.memory.write("instrument", key, name="涉密后改的名", confidential=True)
    second.memory.write("instrument", key, name="别处改的名")
    second.sync()
    report = first.sync()
    assert (report.conflicts, report.sent) == (0, 0)
    assert first.memory.row("instrument", key)["name"] == "涉密后改的名"  # type: ignore[index]


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


def test_a_restored_service_gets_back_what_it_lost_and_what_diverged_is_a_conflict(fresh: Province) -> None:
    first, second = seats(fresh)
    kept, clash = first.instrument(name="备份前"), first.instrument(name="备份前")
    level(first, second)
    fresh.stop()
    assert not fresh.file.with_name(fresh.file.name + "-wal").exists()
    backup = fresh.file.with_suffix(".backup")
    shutil.copy(fresh.file, backup)
    fresh.start()

    later = first.instrument(name="备份后")
    first.memory.write("instrument", kept, name="备份后改")
    first.memory.write("instrument", clash, name="甲改")
    first.sync()
    fresh.stop()
    shutil.copy(backup, fresh.file)
    fresh.restored()
    fresh.start()

    second.memory.write("instrument", clash, name="乙改")
    assert second.sync().sent == 1
    report = first.sync()
    assert (report.recovered, report.conflicts, report.digest_equal) == (2, 1, True)
    (conflict,) = first.memory.conflicts()
    assert conflict.mine is not None
    assert conflict.theirs is not None
    assert (conflict.id, conflict.mine["name"], conflict.theirs["name"]) == (clash, "甲改", "乙改")
    first.memory.drop_conflict("instrument", clash)
    level(first, second)
    assert second.memory.row("instrument", later)["name"] == "备份后"  # type: ignore[index]
    assert second.memory.row("instrument", kept)["name"] == "备份后改"  # type: ignore[index]


def test_a_seat_restored_from_a_backup_loses_nothing(pair: Pair) -> None:
    first, second = pair
    key = first.instrument(name="一")
    first.sync()
    backup = first.memory.tables.copy()
    first.memory.write("instrument", key, name="二")
    first.sync()
    first.memory.tables = backup
    first.memory.write("instrument", key, technical="恢复后写的")
    assert first.sync().conflicts == 0
    level(first, second)
    row = second.memory.row("instrument", key)
    assert row is not None
    assert (row["name"], row["technical"]) == ("二", "恢复后写的")


def test_a_revoked_seat_is_told_to_enrol_again_and_keeps_everything(pair: Pair) -> None:
    first, second = pair
    first.sync()
    first.client.revoke(first.device_id)
    first.instrument()
    with pytest.raises(RemoteProblem) as stopped:
        first.sync()
    assert (stopped.value.code, stopped.value.action) == ("sync.revoked", "reauth")
    assert len(first.memory.tables.rows) == 1
    assert second.sync().in_sync


def test_another_service_at_the_address_deletes_nothing(pair: Pair, fresh: Province) -> None:
    first, _ = pair
    first.instrument()
    first.sync()
    stranger = Seat(fresh)
    stranger.memory = first.memory
    with pytest.raises(RemoteProblem) as stopped:
        stranger.sync()
    assert (stopped.value.code, stopped.value.action) == ("sync.other_server", "reauth")
    assert len(first.memory.tables.rows) == 1


def test_cancelling_between_requests_keeps_what_was_done(pair: Pair) -> None:
    first, second = pair
    first.instrument()
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        first.sync(cancelled=lambda: next(asked))
    assert first.memory.sealed() == []
    level(first, second)


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
