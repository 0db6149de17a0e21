"""SJ3 and ShareEffect: whole hours, blanks that are 0 by rule, limits, and an order any reader finds again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop import words
from desktop.formats import moe, spreadsheet, write, year_use
from desktop.formats.year_use import YearUse
from tests.formats.test_moe import END, STATED
from tests.formats.test_national_instruments import SOUND

FULL = YearUse(*(n * 60 for n in (300, 500, 200, 400)), *range(5, 18))
FIRST = moe.sj1(SOUND, "10422", STATED, END)


def told(row: year_use.UseRow) -> list[str]:
    for one in row.findings:
        for said in (words.say_in("zh", one.code, **dict(one.params)), words.say_in("en", one.code, **dict(one.params))):
            assert "{" not in said
            assert "moe." not in said
    return [f"{'!' if one.severity == 'error' else ''}{one.code}" for one in row.findings]


def test_the_two_shapes_say_the_same(tmp_path: Path) -> None:
    row, effect = year_use.sj3(SOUND, FIRST, FULL), year_use.share_effect(SOUND, "10422", 2025, FULL)
    assert (told(row), told(effect)) == ([], [])
    assert row.cells[7:-1] == effect.cells[3:-1] == (300, 500, 200, 400, *range(5, 18))
    write.write(tmp_path / "a.xlsx", [year_use.sheet([row])])
    head, read = spreadsheet.read(tmp_path / "a.xlsx").sheets[0].rows
    assert tuple(head) == year_use.SJ3
    assert (read[0], read[4], read[7], read[-1]) == ("10422", 1_186_000, 300, "张一")


@pytest.mark.parametrize(
    ("use", "codes"),
    [
        (YearUse(), ["moe.blank_is_zero"]),
        (replace(FULL, samples=None), ["moe.blank_is_zero"]),
        (replace(FULL, open_minutes=1000 * 60), []),
        (replace(FULL, open_minutes=1000 * 60 + 1), ["!moe.open_beyond_all"]),
        (replace(FULL, research_minutes=8784 * 60), []),
        (replace(FULL, research_minutes=8784 * 60 + 30), ["!moe.count_beyond"]),
        (replace(FULL, samples=999_999), []),
        (replace(FULL, samples=1_000_000), ["!moe.count_beyond"]),
        (replace(FULL, core_papers=-1), ["!moe.count_beyond"]),
    ],
    ids=[
        "nothing entered is 0 and told", "one blank", "all hours open", "a minute more than all", "every hour of a leap year", "half an hour more",
        "the most samples", "one sample more", "less than none",
    ],
)  # fmt: skip
def test_limits(use: YearUse, codes: list[str]) -> None:
    row = year_use.sj3(SOUND, FIRST, use)
    assert told(row) == codes == told(year_use.share_effect(SOUND, "10422", 2025, use))
    assert row.sound == (not any(code.startswith("!") for code in codes))


@pytest.mark.parametrize(("minutes", "hours"), [(29, 0), (30, 1), (89, 1), (90, 2)])
def test_hours_are_whole_and_the_half_goes_up(minutes: int, hours: int) -> None:
    assert year_use.sj3(SOUND, FIRST, replace(FULL, teaching_minutes=minutes)).cells[7] == hours


@pytest.mark.parametrize(
    ("minutes", "hours", "codes"),
    [
        ((624, 624, 0, 1248), (10, 10, 0, 20), ["moe.open_capped"]),
        ((624, 624, 0, 1229), (10, 10, 0, 20), []),
        ((624, 624, 0, 1230), (10, 10, 0, 20), ["moe.open_capped"]),
        ((630, 630, 0, 1260), (11, 11, 0, 21), []),
        ((624, 624, 0, 1249), (10, 10, 0, 21), ["!moe.open_beyond_all"]),
        ((29, 0, 0, 29), (0, 0, 0, 0), []),
        ((29, 29, 29, 87), (0, 0, 0, 0), ["moe.open_capped"]),
    ],
)
def test_open_hours_do_not_round_above_the_hours_they_are_among(minutes: tuple[int, ...], hours: tuple[int, ...], codes: list[str]) -> None:
    row = year_use.sj3(SOUND, FIRST, YearUse(*minutes, *range(5, 18)))
    assert (row.cells[7:11], told(row)) == (hours, codes)


def test_the_file_has_every_element_in_order_and_nothing_breaks_it() -> None:
    row = year_use.share_effect(replace(SOUND, contact="张<一>&\x00"), "10422", 2025, FULL)
    content = year_use.share_effect_xml([row, row])
    found = list(ElementTree.fromstring(content).iter("ShareEffect"))
    assert [[part.tag for part in one] for one in found] == [list(year_use.SHARE_EFFECT)] * 2
    assert found[0].findtext("CHARGEMAN") == "张<一>&\ufffd"
    assert found[0].findtext("YEAR") == "2025"


@pytest.mark.parametrize(("number", "sound"), [("1" * 15, True), ("1" * 16, False)])
def test_the_number_there_has_fifteen_characters(number: str, sound: bool) -> None:
    assert year_use.share_effect(replace(SOUND, asset_number=number), "10422", 2025, FULL).sound == sound
    assert year_use.share_effect(replace(SOUND, asset_number="A" * 40), "10422", 2025, FULL, number).sound == sound


def test_a_set_without_somebody_in_charge_is_not_written() -> None:
    assert told(year_use.sj3(replace(SOUND, contact=" "), FIRST, FULL)) == ["!moe.blank"]
