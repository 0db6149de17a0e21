"""A record posted and reversed at one seat before its first sync, while the other seat posted it too: one truth at both."""

from __future__ import annotations

import pytest

from desktop.actions import posting, records, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store.facts import POSTINGS
from desktop.words import say
from tests.actions.making import enter, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

STANDS = "SELECT p.id FROM posting p WHERE p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"


def choose(ledger: Workspace, side: str) -> None:
    for found in syncing.conflicts(ledger, remote="hub"):
        sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "核对", remote="hub")


def posted_there_and_reversed_here(seats: Seats) -> None:
    first, second = seats
    enter(first, "R1")
    exchange(first, second)
    for ledger in seats:
        assert records.post(ledger, ["R1"]).posted == 1
    posting.reverse(second, "R1", "记错了")
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")


def test_the_other_seats_posting_stands_when_theirs_is_chosen(seats: Seats) -> None:
    first, second = seats
    posted_there_and_reversed_here(seats)
    (found,) = syncing.conflicts(second, remote="hub")
    assert (found.kind, dict(found.mine or {})["state"], dict(found.theirs or {})["state"]) == ("service_record", "reversed", "posted")
    with pytest.raises(Refused, match="sync.posting_stands"):
        choose(second, "mine")
    choose(second, "theirs")
    assert in_step(second, first, second)
    assert len(rows(first, STANDS)) == 1
    assert rows(first, STANDS) == rows(second, STANDS)
    assert rows(first, "SELECT state FROM service_record") == rows(second, "SELECT state FROM service_record") == [("posted",)]
    assert sound(first)
    assert sound(second)
    posting.reverse(second, "R1", "确实记错了")
    assert in_step(second, first, second)
    assert rows(first, STANDS) == []
    assert rows(first, "SELECT state FROM service_record") == [("reversed",)]
    assert sound(first)
    assert sound(second)


def test_a_record_that_no_posting_stands_for_is_told_and_posted_anew(seats: Seats) -> None:
    """Each seat took its own back for the other's, each by another remote: what is left is as if both had been reversed."""
    first, second = seats
    enter(first, "R1")
    assert records.post(first, ["R1"]).posted == 1
    with first.write("as two remotes leave it") as operation:
        own = POSTINGS.one(operation.connection, "record_number = ?", ("R1",))
        assert own is not None
        POSTINGS.insert(operation.connection, [posting.mirror(operation.connection, own, "对方先记账")])
    exchange(first, second)
    for ledger in seats:
        told = [one for one in syncing.sync(ledger, remote="hub").findings if one.code == "sync.posted_nowhere"]
        assert [dict(one.params) for one in told] == [{"n": "1", "numbers": "R1"}]
        assert "R1" in say(told[0].code, **dict(told[0].params))
    assert records.post(second, ["R1"]).posted == 1
    with pytest.raises(Refused, match="record.posted"):
        records.post(second, ["R1"])
    assert in_step(second, first, second)
    assert rows(first, STANDS) == rows(second, STANDS) != []
    for ledger in seats:
        assert not syncing.sync(ledger, remote="hub").findings
        assert sound(ledger)
