"""What is confidential stays here: counted, withdrawn by its key alone, and never in the way of the others."""

from __future__ import annotations

import json

import pytest

from desktop.sync.outcome import RemoteProblem, Withheld
from tests.sync.rig import Pair, Province, Seat, level, lost, seats


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
