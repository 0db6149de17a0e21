"""Versions, their changes and their lines: no day with two prices, and no price rewritten after approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.fees import FeeLine, FeeSchedule, FeeTerms, Fixed
from desktop.ledger.finding import Finding
from desktop.rules.schedule_checks import change_refused, check_lines, gaps, item_key, lines_refused, overlaps
from tests.rules.fee_making import HOUR, hourly

DAY = date(2025, 1, 1)


def version(key: str, start: int, end: int | None, instrument: str = "i", **more: object) -> FeeSchedule:
    days = (DAY + timedelta(start), None if end is None else DAY + timedelta(end))
    return replace(FeeSchedule(key, instrument, *days, state="approved", prepared_by="p", approved_by="a"), **more)  # type: ignore[arg-type]  # fields by name


def codes(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    for each in found:
        assert words.known(each.code), each.code
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, each.code, **dict(each.params))
    return [(each.code, each.severity) for each in found]


def test_versions_that_touch_do_not_overlap() -> None:
    assert overlaps([version("a", 0, 10), version("b", 10, None)]) == ()
    assert gaps([version("a", 0, 10), version("b", 10, None)], "i") == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [((0, 11), (10, None)), ((0, None), (10, 20)), ((0, None), (0, None)), ((0, 30), (10, 20))],
)
def test_versions_that_share_a_day(first: tuple[int, int | None], second: tuple[int, int | None]) -> None:
    assert codes(overlaps([version("b", *second), version("a", *first)])) == [("fee.versions_overlap", "error")]


def test_a_long_version_overlaps_every_later_one() -> None:
    found = overlaps([version("a", 0, None), version("b", 10, 20), version("c", 30, 40)])
    assert codes(found) == [("fee.versions_overlap", "error")] * 2
    assert [each.key for each in found] == ["b", "c"]


def test_a_draft_may_overlap_with_a_warning() -> None:
    assert codes(overlaps([version("a", 0, None), version("b", 10, None, state="draft")])) == [
        ("fee.versions_overlap", "warning")
    ]


def test_other_instruments_do_not_overlap() -> None:
    assert overlaps([version("a", 0, None), version("b", 0, None, "other")]) == ()


@pytest.mark.parametrize("end", [0, -1])
def test_a_version_without_a_day(end: int) -> None:
    assert codes(overlaps([version("a", 0, end)])) == [("fee.span_empty", "error")]


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(1, 15)), max_size=5))
def test_overlap_is_found_exactly_when_a_day_has_two_prices(spans: list[tuple[int, int | None]]) -> None:
    versions = [version(str(n), start, None if length is None else start + length) for n, (start, length) in enumerate(spans)]
    shared = any(sum(v.covers(DAY + timedelta(day)) for v in versions) > 1 for day in range(50))
    assert bool(overlaps(versions)) == shared


def test_days_without_a_price_are_told() -> None:
    found = gaps(
        [version("b", 20, None), version("a", 0, 10), version("d", 12, 15, state="draft"), version("c", 12, 15, "other")], "i"
    )
    assert codes(found) == [("fee.versions_gap", "warning")]
    assert dict(found[0].params) == {"from_on": "2025-01-11", "to_on": "2025-01-21"}


DRAFT = version("a", 0, None, state="draft", approved_by=None)
APPROVED = version("a", 0, None)
PUBLISHED = version("a", 0, None, state="published")


@pytest.mark.parametrize(
    ("before", "after", "used", "expected"),
    [
        (DRAFT, replace(DRAFT, from_on=DAY + timedelta(3), title="新"), None, []),
        (DRAFT, APPROVED, None, []),
        (DRAFT, replace(APPROVED, approved_by=None), None, ["fee.approver_missing"]),
        (DRAFT, replace(APPROVED, approved_by="p"), None, ["fee.same_person"]),
        (DRAFT, PUBLISHED, None, ["fee.state_change"]),
        (APPROVED, PUBLISHED, DAY, []),
        (APPROVED, replace(APPROVED, note="注"), DAY, []),
        (APPROVED, DRAFT, None, ["fee.state_change", "fee.version_fixed"]),
        (PUBLISHED, APPROVED, None, ["fee.state_change"]),
        (APPROVED, replace(APPROVED, id="b"), None, ["fee.state_change", "fee.version_fixed"]),
        (APPROVED, replace(APPROVED, from_on=DAY - timedelta(1)), None, ["fee.version_fixed"]),
        (APPROVED, replace(APPROVED, document="新文号"), DAY, ["fee.version_fixed"]),
        (APPROVED, replace(APPROVED, to_on=DAY + timedelta(5)), None, []),
        (APPROVED, replace(APPROVED, to_on=DAY + timedelta(5)), DAY + timedelta(4), []),
        (APPROVED, replace(APPROVED, to_on=DAY + timedelta(5)), DAY + timedelta(5), ["fee.end_before_use"]),
    ],
)
def test_change(before: FeeSchedule, after: FeeSchedule, used: date | None, expected: list[str]) -> None:
    assert [code for code, _ in codes(change_refused(before, after, used))] == expected


def line(key: str, position: int, item: str, terms: FeeTerms | None = None, **more: object) -> FeeLine:
    both = FeeTerms(HOUR, (("internal", Fixed(100)), ("external", Fixed(200))))
    return replace(FeeLine(key, "a", position, item, terms or both), **more)  # type: ignore[arg-type]  # fields by name


def test_lines_of_an_approved_version_are_fixed_except_their_notes() -> None:
    lines = [line("1", 1, "成像"), line("2", 2, "能谱")]
    assert lines_refused(APPROVED, lines, [replace(lines[0], note="注"), lines[1]]) == ()
    assert codes(lines_refused(APPROVED, lines, [lines[0], replace(lines[1], item="面扫")])) == [("fee.line_fixed", "error")]
    assert [found.key for found in lines_refused(APPROVED, lines, [lines[0]])] == ["2"]
    assert [found.key for found in lines_refused(APPROVED, lines, [*lines, line("3", 3, "新")])] == ["3"]
    assert lines_refused(DRAFT, lines, []) == ()


def test_sound_lines() -> None:
    assert check_lines(APPROVED, [line("1", 1, "成像"), line("2", 2, "能谱")]) == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], [("fee.no_lines", "error")]),
        ([line("1", 1, " ")], [("fee.item_missing", "error")]),
        ([line("1", 1, "SEM 成像"), line("2", 2, "ＳＥＭ成像")], [("fee.item_twice", "error")]),
        ([line("1", 1, "成像"), line("2", 1, "能谱")], [("fee.position_twice", "warning")]),
        ([line("1", 1, "成像", to_confirm=True)], [("fee.line_to_confirm", "error")]),
        ([line("1", 1, "成像", hourly(100))], [("fee.class_missing", "warning")]),
        ([line("1", 1, "成像", FeeTerms(HOUR, ()))], [("fee.terms.no_price", "error")]),
        ([replace(line("1", 1, "成像"), terms=None)], [("fee.line_to_confirm", "error")]),
    ],
)
def test_lines(lines: list[FeeLine], expected: list[tuple[str, str]]) -> None:
    assert codes(check_lines(DRAFT, lines)) == expected


def test_items_are_compared_as_people_read_them() -> None:
    assert item_key("ＳＥＭ 成像") == item_key("sem成像")
    assert item_key("成像") != item_key("能谱")
