"""The rows of the national platform listed where they lie: the same as a plain walk over messages, removals and audits finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop.actions import (
    instruments,
    national_audit,
    national_audit_list,
    national_taken,
    national_there,
    reclassifying,
    records,
)
from desktop.actions.workspace import Workspace, today
from desktop.ledger.national_audit import AUDITED_KINDS
from desktop.rules import national_audit as rules
from desktop.store import national_audit_rows
from desktop.store.national_audit import audited
from tests.actions import making
from tests.actions.test_national_audit import WHY, send, told
from tests.actions.test_national_messages import service

__all__ = ["told"]

Plain = tuple[str, str, str, str | None, bool]


@pytest.fixture
def many(told: Workspace) -> Workspace:
    """Rows of every kind: told anew, reversed, taken off, confidential since, of each state and of none."""
    for number in ("R4", "R5", "R6", "R7", "R%_8"):
        service(told, number)
    send(told, "6")
    for state, names in (("refused", ["R1", "R4"]), ("pending", ["R2", "R5", "R%_8"]), ("passed", ["R6"])):
        national_audit.say(told, "6", names, state, WHY if state == "refused" else "")  # type: ignore[arg-type]  # data of a case
    national_audit.say(told, "6", ["R5"], "not_submitted")
    instruments.change(told, replace(instruments.get(told, "N2"), model="S-4800 II"))
    send(told, "4")
    records.reverse(told, "R4", "重复登记")
    records.reverse(told, "R6", "重复登记")
    national_there.remove(told, "6", ["R6"], "平台已撤下")
    return told


def walked(ledger: Workspace, on: date) -> list[Plain]:
    """The rows as a walk over everything in memory finds them."""
    found: list[tuple[str, str, str, str | None, bool]] = []
    with ledger.read() as connection:
        for kind in AUDITED_KINDS:
            taken = national_taken.anywhere(connection, kind)
            for one in audited(connection, kind, taken):
                there = taken[one.key]
                gone = there.removed_on is not None and there.removed_on <= on
                if one.confidential or gone or there.first_on > on:
                    continue
                audit = there.audit(on)
                found.append((kind, one.name, there.message.number, audit.state if audit else None, one.stands(on)))
    return sorted(found, key=lambda one: (not (one[4] and one[3] in rules.TO_DO), rules.ORDER.index(one[3]), one[0], one[1]))  # type: ignore[arg-type]


def listed(ledger: Workspace, on: date) -> list[Plain]:
    return [(one.kind, one.name, one.message, one.state, one.stands) for one in national_audit_list.every(ledger, on)]


def names(ledger: Workspace, sort: str = "", *, down: bool = False, **filters: str) -> list[str]:
    found = national_audit_list.ids(ledger, today(), filters, sort, down=down)
    return [one.name for one in national_audit_list.of_ids(ledger, today(), found)]


def agree(ledger: Workspace) -> None:
    for on in (today(), today() - timedelta(days=1), today() + timedelta(days=400)):
        assert listed(ledger, on) == walked(ledger, on)


def test_it_is_what_a_walk_finds(many: Workspace) -> None:
    agree(many)
    assert {one[3] for one in listed(many, today())} == {"refused", "not_submitted", "pending", None}
    assert listed(many, today() - timedelta(days=1)) == [], "the day before, the platform had none of them"
    reclassifying.prepare(many, "N2", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    agree(many)
    assert "N2" not in names(many)
    assert national_audit_list.withheld(many) == 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ORDER BY s.seen_on DESC, s.rowid DESC", "ORDER BY s.seen_on, s.rowid"),
        ("max(a.place) AS place", "min(a.place) AS place"),
        ("g.message_id = t.message_id AND ", "0 AND "),
        ("WHEN r.state = 'reversed'", "WHEN 0"),
        ("s.message_id = t.message_id AND ", ""),
    ],
)
def test_a_list_that_is_wrong_would_be_seen(many: Workspace, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str) -> None:
    national_audit.say(many, "4", ["N2"], "refused", WHY)
    instruments.change(many, replace(instruments.get(many, "N2"), model="S-4800 III"))
    send(many, "4")
    agree(many)
    assert national_audit_rows._LISTED.count(right) == 1
    monkeypatch.setattr(national_audit_rows, "_LISTED", national_audit_rows._LISTED.replace(right, wrong))
    with pytest.raises(AssertionError):
        agree(many)


def test_it_is_filtered_and_sorted_where_it_lies(many: Workspace) -> None:
    every = ["R1", "R5", "R4", "R%_8", "R2", "N2", "R3", "R7"]
    assert names(many) == every, "to be seen to first; R4 was reversed and is to be taken off"
    assert names(many, state="pending") == ["R%_8", "R2"]
    assert names(many, state="unseen", kind="6") == ["R3", "R7"]
    assert names(many, kind="4") == ["N2"]
    assert names(many, text="%_") == ["R%_8"], "signs of a pattern stand for themselves"
    assert names(many, text="r7") == ["R7"]
    assert names(many, "name") == sorted(every)
    assert names(many, "name", down=True) == sorted(every, reverse=True)
    for down in (False, True):
        assert set(names(many, "reason", down=down)[:2]) == {"R1", "R4"}, "what has no reason stands last"
        assert set(names(many, "seen_on", down=down)[-3:]) == {"N2", "R3", "R7"}


def test_a_row_is_read_by_its_key_while_it_is_there(many: Workspace) -> None:
    keys = list(national_audit_list.ids(many, today(), {"text": "R1"}))
    (row,) = national_audit_list.of_ids(many, today(), keys)
    assert (row.name, row.state, row.audit and row.audit.reason, national_audit_list.kind_of(keys[0])) == ("R1", "refused", WHY, "6")
    records.reverse(many, "R1", "重复登记")
    national_there.remove(many, "6", ["R1"], "平台已撤下")
    assert national_audit_list.of_ids(many, today(), keys) == []
    assert national_audit_list.of_ids(many, today(), []) == []


def test_rows_count_by_the_message_that_brought_them_last(many: Workspace) -> None:
    told = national_audit_list.standings(many)
    rows = national_audit_list.every(many)
    assert {(one.number, state): n for one in told for state, n in one.n.items() if n} == {
        (number, state): sum(one.message == number and (one.state or "unseen") == state for one in rows)
        for number, state in {(one.message, one.state or "unseen") for one in rows}
    }
    assert sum(national_audit_list.totals(told).values()) == len(rows)
    (of_sets,) = [one for one in told if one.kind == "4"]
    assert of_sets.n["unseen"] == 1, "the message before brought the same set, and counts no more"
