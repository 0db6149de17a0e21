"""How published price text is read: what it becomes, how that is told, and that nothing doubtful may price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.fees import Agreed, Fixed, ShareOf, Unit, from_json, to_json
from desktop.rules.price_cells import tidy
from desktop.rules.price_text import PriceRow, RowRead, read_row
from tests.rules.fee_making import cases, read

CASES = cases("price_text.toml")
PLAIN = {"unit": "样", "internal": "100", "external": "200"}


def read_case(case: dict[str, Any]) -> RowRead:
    return read(PLAIN | case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cell(case: dict[str, Any]) -> None:
    row = read_case(case)
    if "not" in case:
        assert row.to_confirm
        assert case["not"] in [found.code for found in row.findings]
        for found in row.findings:
            assert words.known(found.code), found.code
    else:
        assert not row.findings
        said = [reading.phrase.told("zh") for reading in row.readings]
        assert case["reads"] in said or not case["reads"]
        assert all("[" not in reading.phrase.told(language) for reading in row.readings for language in ("zh", "en"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_read_survives_the_ledger(case: dict[str, Any]) -> None:
    terms = read_case(case).terms
    assert from_json(to_json(terms)) == terms


def test_empty_optional_cells_add_nothing() -> None:
    row = read_row(PriceRow("样", {"internal": Decimal("150.0"), "external": 300}, Decimal(0), "", None))
    assert row.terms is not None
    assert (row.terms.startup, row.terms.minimum_units, row.terms.note, row.terms.tiers) == ((), 0, "", ())
    assert [reading.field for reading in row.readings] == ["unit", "internal", "external"]
    assert row.source_text == "样 | 150.0 | 300 | 0 |  | "


def test_the_external_price_of_a_first_hour_line_is_the_printed_ratio() -> None:
    row = read(PLAIN | {"unit": "首小时200，续每小时50", "internal": "200", "external": "250"})
    assert row.terms is not None
    assert row.terms.price_of("external") == ShareOf("internal", 250, 200)
    odd = read(PLAIN | {"unit": "首小时200，续每小时50", "internal": "200", "external": "250.50"})
    assert odd.terms is not None
    assert odd.terms.price_of("external") == ShareOf("internal", 25050, 20000)


def test_a_first_hour_line_without_a_column_for_it_keeps_the_given_classes_only() -> None:
    row = read({"unit": "首小时200，续每小时50", "external": "250"})
    assert row.to_confirm
    assert [found.code for found in row.findings] == ["fee.terms.share_of_nothing"]


def test_each_fault_of_a_row_is_told_with_its_cell() -> None:
    row = read(
        {"unit": "光年", "internal": "贵", "external": "0", "startup": "很多", "minimum": "几天", "note": "看心情，耗材另计"}
    )
    assert row.terms is None
    assert [(found.field, found.code) for found in row.findings] == [
        ("note", "fee.text_not_understood"),
        ("internal", "fee.text_not_understood"),
        ("external", "fee.price_zero"),
        ("unit", "fee.text_not_understood"),
    ]
    known_unit = read({"unit": "样", "internal": "100", "startup": "很多", "minimum": "几天"})
    assert [found.field for found in known_unit.findings] == ["minimum", "startup"]


def test_a_price_beyond_belief_waits_for_a_person() -> None:
    for text in ("1000000000000", "70-20000000"):
        row = read(PLAIN | {"internal": text})
        assert row.to_confirm
        assert [(found.field, found.code) for found in row.findings] == [("internal", "fee.price_absurd")]
    assert not read(PLAIN | {"internal": "10000000"}).to_confirm


def test_a_row_that_is_not_understood_still_keeps_what_was() -> None:
    row = read(PLAIN | {"note": "周末不开放，加急×2"})
    assert row.to_confirm
    assert row.terms is not None
    assert row.terms.urgent_rate == 2
    assert row.terms.price_of("internal") == Fixed(10000)


def test_units_keep_the_published_word() -> None:
    for text, unit in (
        ("元/时", Unit("hour", "时", 60)),
        ("日", Unit("day", "日", 1440)),
        ("20分", Unit("block", "20分", 20)),
        ("样×温度点", Unit("product", "样×温度点", factors=("样", "温度点"))),
    ):
        row = read(PLAIN | {"unit": text})
        assert row.terms is not None
        assert row.terms.unit == unit


def test_start_up_fees_by_class_stand_beside_the_column() -> None:
    row = read(PLAIN | {"startup": "100", "note": "校外开机费300"})
    assert row.terms is not None
    assert (row.terms.startup_of("internal"), row.terms.startup_of("external")) == (10000, 30000)


def test_an_agreed_band_is_read_with_or_without_the_remark() -> None:
    for note in ("议价区间", ""):
        row = read(PLAIN | {"internal": "70–260", "note": note})
        assert row.terms is not None
        assert not row.to_confirm
        assert row.terms.price_of("internal") == Agreed(7000, 26000)


@given(st.text(alphabet="校内外首续每小时分钟样元天0123456789.,，；%％折×-–~至超过按计加急管理费税另收议价 /", max_size=24))
def test_any_text_is_read_or_reported_and_never_lost(text: str) -> None:
    row = read(PLAIN | {"note": text})
    clauses = [part for part in tidy(text).replace(";", ",").split(",") if part]
    read_parts = [reading.text for reading in row.readings if reading.field == "note"]
    unread = [dict(found.params)["text"] for found in row.findings if found.field == "note" and "text" in dict(found.params)]
    assert sorted(read_parts + unread) == sorted(clauses)


@given(st.integers(1, 10**9))
def test_a_number_of_yuan_is_read_exactly(fen: int) -> None:
    row = read_row(PriceRow("样", {"internal": f"{fen // 100:,}.{fen % 100:02d}"}))
    assert row.terms is not None
    assert row.terms.price_of("internal") == Fixed(fen)


@pytest.mark.parametrize(
    ("cell", "raw"),
    [("internal", "220，660/天"), ("unit", "每 ３０ 分左右"), ("minimum", "２小时，或半天"), ("startup", "约 ２００，另议"), ("external", "约 1，200 元")],
)
def test_what_is_not_understood_is_quoted_as_it_stands_in_the_file(cell: str, raw: str) -> None:
    told = [dict(found.params).get("text") for found in read(PLAIN | {cell: raw}).findings]
    assert raw in told
    assert tidy(raw) != raw, "the one form that readers compare would not be what the file says"
