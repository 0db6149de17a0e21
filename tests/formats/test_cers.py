"""Sets for the universities' sharing system (CERS): its units, widths and codes, which are none of the other two exchanges'; and its file."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from desktop import words
from desktop.formats import cers, national
from desktop.formats.cers import CersRow
from desktop.ledger.cers import CersSet
from desktop.ledger.instrument import Instrument
from tests.formats.test_national_instruments import SOUND

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "cers_instruments.toml").read_text("utf-8"))["case"]
SCHOOL, TODAY = "10422", date(2026, 11, 27)
STATED = CersSet(
    "s1", "k1", assets_code="032101", classification_code="010102", application_area="材料", maker_certification="ISO 9001",
    image_url="https://yiqi.example.edu.cn/A1.jpg", group_id="G1", share_level="3", open_calendar="周一至周五 8:00-17:00",
)  # fmt: skip


def value(name: str, text: object) -> Any:
    if text == "none":
        return None
    if isinstance(text, str) and text[:1] in ("x", "n") and text[1:].isdecimal():
        return ("字" if text[0] == "x" else "1") * int(text[1:])
    return date.fromisoformat(str(text)) if name.endswith("_on") else text


def made(case: dict[str, Any]) -> CersRow:
    one = replace(SOUND, **{name: value(name, text) for name, text in case["given"].items()})
    stated = replace(STATED, **{name: value(name, text) for name, text in case["stated"].items()})
    return cers.instru(one, stated, case.get("school", SCHOOL), TODAY)


def told(row: CersRow) -> list[str]:
    return [f"{'!' if one.severity == 'error' else ''}{one.field} {one.code}" for one in row.findings]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    row = made(case)
    assert sorted(told(row)) == sorted(case["findings"])
    assert row.sound == case.get("sound", not case["findings"])
    assert {name: row.cells.get(name) for name in case.get("cells", {})} == case.get("cells", {})
    assert not set(case.get("absent", ())) & set(row.cells)
    for one in row.findings:
        assert (one.kind, one.key) == ("instrument", "k1")
        for language in ("zh", "en"):
            said = words.say_in(language, one.code, **dict(one.params))  # type: ignore[arg-type]
            assert "{" not in said
            assert "_field" not in said
            assert "cers.field" not in said


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (lambda m: m.setattr(cers, "yuan", national.wan), "the price is yuan, not 万元"),
        (lambda m: m.setitem(cers.LIMITS, "TechParameter", 500), "201, which the national platform takes, are too many here"),
        (lambda m: m.setitem(cers.LIMITS, "InnerID", 14), "fifteen characters"),
        (lambda m: m.setattr(cers, "SHARE_LEVELS", (*cers.SHARE_LEVELS, "7")), "7 is no level"),
        (lambda m: m.setattr(cers, "CERS_STATES", (*cers.CERS_STATES, "3")), "3 is no state"),
        (lambda m: m.setattr(cers, "_countries", lambda: {"中国": "156"}), "China is A156, not 156"),
        (lambda m: m.setattr(cers, "OPTIONAL", cers.OPTIONAL - {"State"}), "a set in use without a state has no such element"),
    ],
    ids=["万元", "the national width", "one too few", "a level more", "a state more", "no letter", "a state for all"],
)
def test_a_wrong_unit_width_or_code_would_be_seen(broken: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(one for one in CASES if one["name"] == name)
    test_cases(case)
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        test_cases(case)


def sets() -> list[Instrument]:
    other = replace(SOUND, id="k2", asset_number="A2", contact="李<二>&\x00")
    return [SOUND, other, replace(SOUND, id="k3", asset_number="A3", confidential=True), replace(SOUND, id="k4", asset_number="A4")]


def stated(**changed: str) -> dict[str, CersSet]:
    return {key: replace(STATED, instrument_id=key, **(changed if key == "k2" else {})) for key in ("k1", "k2", "k3")}


def test_a_confidential_set_is_counted_and_never_written_though_something_is_stated_of_it() -> None:
    found = cers.gather(sets(), stated(), SCHOOL, TODAY)
    assert (found.withheld, found.unstated) == (1, 1)
    content = cers.instrus_xml(found.rows).decode()
    assert "A3" not in content
    assert "A4" not in content
    assert [row.asset_number for row in found.rows] == ["A1", "A2"]


def test_the_file_has_the_elements_in_order_and_nothing_breaks_it() -> None:
    rows = cers.gather(sets(), stated(alias="SEM", state="1"), SCHOOL, TODAY).rows
    content = cers.instrus_xml(rows)
    root = ElementTree.fromstring(content)
    assert (root.tag, [one.tag for one in root]) == ("Root", ["Instrus"])
    first, second = root.findall("Instrus/Instru")
    assert [part.tag for part in second] == list(cers.ELEMENTS)
    assert [part.tag for part in first] == [name for name in cers.ELEMENTS if name not in ("Alias", "State")]
    assert second.findtext("ContactPerson") == "李<二>&\ufffd"
    assert content == cers.instrus_xml(cers.gather(sets(), stated(alias="SEM", state="1"), SCHOOL, TODAY).rows)


def test_two_sets_with_one_number_are_both_wrong_and_each_names_the_other() -> None:
    rows = cers.gather(sets(), stated(inner_id="A1"), SCHOOL, TODAY).rows
    assert [told(row) for row in rows] == [["!inner_id cers.same_inner_id"]] * 2
    assert [dict(row.findings[-1].params)["other"] for row in rows] == ["A2", "A1"]
    assert [row.findings[-1].key for row in rows] == ["k1", "k2"]


def test_every_element_that_may_be_blank_is_known_to_the_order() -> None:
    assert set(cers.ELEMENTS) >= cers.OPTIONAL
    assert set(cers.ELEMENTS) >= set(cers.LIMITS)
    assert len(set(cers.ELEMENTS)) == len(cers.ELEMENTS)
