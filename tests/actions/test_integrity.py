"""Self-checks of integrity over a real ledger: each edge by a few records, and the sheet that says what was seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from desktop.actions import integrity, reclassifying, records, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.reports import plain
from desktop.reports.content import Table
from desktop.store import integrity as rows
from tests.actions.making import APPROVER, OFFICE, PINS, draft

LAST = date(2025, 12, 31)
DAY = datetime(2025, 5, 6)


def at(workspace: Workspace, number: str, start: datetime, minutes: int, asset: str = "A1", **more: object) -> None:
    """Post a record with these times, whatever the checks of one record say of it."""
    one = draft(workspace, number, asset, **{"started_at": start, "ended_at": start + timedelta(minutes=minutes), "minutes": minutes, **more})
    records.add(workspace, one)
    for named, told in records.problems(workspace, number):
        if told.code == "record.overlap":
            records.accept(workspace, named, told.code, "两个工位")
    done = records.post(workspace, [number])
    assert done.posted == 1, done.refused


def seen(workspace: Workspace, name: str) -> list[str]:
    found = integrity.self_check(workspace, parse("2025"), LAST)
    (check,) = [one for one in found.checks if one.name == name]
    assert check.figure.value == len(check.seen)
    return [one.number for one in check.seen]


def test_a_long_record_hides_no_later_overlap(small: Workspace) -> None:
    at(small, "R1", DAY.replace(hour=8), 600)
    at(small, "R2", DAY.replace(hour=9), 30)
    at(small, "R3", DAY.replace(hour=12), 30)
    assert seen(small, "overlap") == ["R2", "R3"]


def beside(workspace: Workspace, span: str = "2025") -> dict[str, str]:
    """Record -> the one it is said to overlap."""
    (check,) = integrity.self_check(workspace, parse(span), LAST, ("overlap",)).checks
    return {one.number: one.detail for one in check.seen}


def test_the_earlier_record_that_ends_last_is_named(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, hour, minute, minutes in (("R1", 9, 0, 180), ("R2", 9, 30, 30), ("R3", 11, 0, 30), ("R4", 11, 45, 60), ("R5", 12, 0, 30)):
        at(small, number, DAY.replace(hour=hour, minute=minute), minutes)
    by_hand = {"R2": "R1", "R3": "R1", "R4": "R1", "R5": "R4"}
    assert beside(small) == by_hand
    good, bad = "max(ended_at || number)", "last_value(ended_at || number)"
    assert good in rows._CHECKS["overlap"]
    monkeypatch.setitem(rows._CHECKS, "overlap", rows._CHECKS["overlap"].replace(good, bad))
    assert beside(small) != by_hand


def test_the_records_of_a_set_are_confidential_together_so_that_none_is_named_by_an_ordinary_one(small: Workspace) -> None:
    """What was posted before the set was declassified follows it."""
    at(small, "S1R", DAY.replace(hour=9), 180, asset="S1")
    reclassifying.prepare(small, "S1", False, "已解密", OFFICE, PINS[OFFICE])
    reclassifying.approve(small, "S1", APPROVER, PINS[APPROVER])
    at(small, "S2R", DAY.replace(hour=11), 30, asset="S1")
    assert beside(small) == {"S2R": "S1R"}
    with small.read() as connection:
        assert rows.confidential_numbers(connection, parse("2025")) == frozenset()


@pytest.mark.parametrize("broken", [False, True])
def test_an_overlap_at_the_end_of_a_span_is_of_that_of_the_record_that_came_second(small: Workspace, monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """R2 began before R1, of the quarter before, had ended; R5, which R6 overlaps, ends in the quarter after and is of that one."""
    at(small, "R1", datetime(2025, 6, 30, 20), 239)
    at(small, "R2", datetime(2025, 6, 30, 23, 30), 60)
    at(small, "R3", datetime(2025, 7, 1, 0, 30), 30)
    at(small, "R4", datetime(2025, 9, 30, 20), 239)
    at(small, "R5", datetime(2025, 9, 30, 23, 30), 60)
    at(small, "R6", datetime(2025, 9, 30, 23, 45), 10)
    if broken:
        monkeypatch.setitem(rows._CHECKS, "overlap", rows._CHECKS["overlap"].replace(f"({rows._NEAR})", "standing"))
    assert beside(small, "2025Q3") == ({"R6": "R4"} if broken else {"R2": "R1", "R6": "R5"})
    assert beside(small, "2025Q4") == ({} if broken else {"R5": "R4"})


def test_another_instrument_or_a_reversed_record_overlaps_with_nothing(small: Workspace) -> None:
    at(small, "R1", DAY.replace(hour=9), 60)
    at(small, "R2", DAY.replace(hour=9), 60, asset="A2", item="制样")
    at(small, "R3", DAY.replace(hour=9), 60)
    assert seen(small, "overlap") == ["R3"]
    records.reverse(small, "R1", "登错")
    assert seen(small, "overlap") == []


def test_a_run_is_broken_by_one_record_that_is_none(small: Workspace) -> None:
    for k in range(14):
        at(small, f"R{k:02d}", DAY + timedelta(days=k, hours=9), 61 if k == 7 else 60)
    assert seen(small, "round_run") == []


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize(
    ("before", "within", "after", "told"), [(5, 5, 0, 5), (5, 4, 0, 0), (0, 5, 5, 5), (0, 4, 5, 0), (3, 4, 3, 4), (3, 3, 3, 0), (10, 0, 10, 0)]
)
def test_a_run_over_the_ends_of_a_month_is_told_by_what_of_it_is_in_the_month(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, before: int, within: int, after: int, told: int, broken: bool
) -> None:
    """Ten in a row are a run, whichever month they are of. ``broken``: the month alone is looked at."""
    for day, count in ((datetime(2025, 4, 30, 8), before), (datetime(2025, 5, 9, 8), within), (datetime(2025, 6, 1, 8), after)):
        for k in range(count):
            at(small, f"R{day.month}-{k}", day + timedelta(hours=k), 60)
    if broken:
        monkeypatch.setitem(rows._CHECKS, "round_run", rows._CHECKS["round_run"].replace(f"({rows._OF_SETS})", "standing"))
    (check,) = integrity.self_check(small, parse("2025-05"), LAST, ("round_run",)).checks
    assert [one.number for one in check.seen] == [f"R5-{k}" for k in range(0 if broken else told)]
    assert {one.detail for one in check.seen} <= {str(before + within + after)}


def test_the_sheet_lists_what_was_seen_and_leaves_confidential_records_out(small: Workspace) -> None:
    for asset, first, second in (("A1", "R1", "R2"), ("S1", "R3", "R4")):
        at(small, first, DAY.replace(hour=9), 60, asset=asset)
        at(small, second, DAY.replace(hour=9), 60, asset=asset)
    content = reporting.content(small, "integrity", "2025")
    text = plain.text(content)
    (short, listed, *_) = [block for block in content.blocks if isinstance(block, Table)]
    assert short.rows[0][1] == 2
    assert [row[0] for row in listed.rows] == ["R2"]
    assert "特种雷达" not in text
    assert "R4" not in text
    assert "另有涉密" in text
    assert "超过 90 天" in text


BROKEN = {
    "only the record before is looked at": ("ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING", "ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING"),
    "touching counts as overlapping": ("last_end > started_at", "last_end >= started_at"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_overlap_would_be_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    spans = [(8, 600), (9, 30), (12, 30), (18, 60)]
    for k, (hour, minutes) in enumerate(spans):
        at(small, f"R{k}", DAY.replace(hour=hour), minutes)
    by_hand = [
        f"R{k}"
        for k, (hour, _) in enumerate(spans)
        if any(other < hour and other * 60 + minutes > hour * 60 for other, minutes in spans[:k])
    ]
    assert by_hand == ["R1", "R2"]
    assert all(a[0] <= b[0] for a, b in pairwise(spans))
    assert seen(small, "overlap") == by_hand
    good, bad = BROKEN[name]
    assert good in rows._CHECKS["overlap"]
    monkeypatch.setitem(rows._CHECKS, "overlap", rows._CHECKS["overlap"].replace(good, bad))
    assert seen(small, "overlap") != by_hand
