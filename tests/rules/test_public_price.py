"""What the public reads of a price row: yuan where the list has a ratio, words without the list's own shorthand."""

from __future__ import annotations

from typing import Any

import pytest

from desktop import words
from desktop.ledger import money
from desktop.ledger.fee_terms import FeeTerms, FirstFurther, Fixed, ShareOf, Unit
from desktop.rules.phrase import Phrase
from desktop.rules.public_price import public_minimum, public_notes, public_price, public_startup
from tests.rules.fee_making import cases, charge, read, terms_of


def said(value: Fixed | Phrase | str | None) -> str:
    if isinstance(value, Fixed):
        return money.text(value.fen)
    return value.told() if isinstance(value, Phrase) else value or ""


def row(**cells: Any) -> FeeTerms:
    return terms_of({"internal": "100", "external": "200", "unit": "小时"} | cells)


ROWS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "100.00", "200.00"),
    ({"unit": "首小时200，续每小时50", "internal": "200", "external": "250"},
     "首小时 200.00\n以后每小时 50.00", "首小时 250.00\n以后每小时 62.50"),
    ({"unit": "样", "internal": "70-260", "external": "140-520", "note": "议价区间"}, "议价\n70.00–260.00", "议价\n140.00–520.00"),
    ({"external": "校内价的150%"}, "100.00", "150.00"),
    ({"internal": "0.07", "external": "校内价的1/3"}, "0.07", "校内价格的1/3"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "internal", "external"), ROWS, ids=[str(n) for n in range(len(ROWS))])
def test_prices_are_said_in_yuan(cells: dict[str, Any], internal: str, external: str) -> None:
    terms = row(**cells)
    assert (said(public_price(terms, "internal")), said(public_price(terms, "external"))) == (internal, external)


def test_the_price_said_is_the_price_charged() -> None:
    """For every worked case with a plain price: what the sheet says for one unit is what one unit costs."""
    seen = 0
    for case in cases("price_text.toml"):
        whole = {"unit": "样", "internal": "100", "external": "200"} | case
        if (terms := read(whole).terms) is None:
            continue
        plain = FeeTerms(terms.unit, terms.prices)
        for name in terms.classes:
            price = public_price(plain, name)
            if isinstance(price, Fixed) and terms.unit.kind != "product":
                use = {"minutes": terms.unit.minutes} if terms.unit.timed else {"quantity": "1"}
                result = charge({**use, "class": name}, plain)
                assert getattr(result, "amount_fen", None) == price.fen, (case, name)
                seen += 1
    assert seen > 10


def test_a_day_is_a_day_and_a_remark_on_another_row_is_not_printed() -> None:
    minimum = public_minimum(row(minimum="1天"))
    assert said(minimum) == "1天"
    assert public_notes(row(note="同1260")) == ()
    assert [said(one) for one in public_notes(row(note="加急×1.5，另收15%管理费，耗材另计"))] == [
        "加急按 1.5 倍计（开机费除外）", "另收管理费 15%", "耗材按实另计",
    ]  # fmt: skip


def test_what_has_no_column_stands_in_the_notes() -> None:
    hour = Unit("hour", "小时", 60)
    terms = FeeTerms(hour, (("internal", Fixed(100_00)), ("external", ShareOf("internal", 2, 1)), ("own_school", Fixed(80_00))))
    assert [said(one) for one in public_notes(terms)] == ["本院 80.00"]
    assert public_startup(terms) == 0
    by_class = FeeTerms(hour, terms.prices[:2], startup=(("internal", 50_00), ("external", 100_00)))
    startup = public_startup(by_class)
    assert not isinstance(startup, int)
    assert [one.told() for one in startup] == ["校内 50.00", "校外 100.00"]
    first = FeeTerms(Unit("block", "30分钟", 30), (("internal", FirstFurther(60_00, 20_00, 2)),))
    assert said(public_price(first, "internal")) == "首 2 个30分钟 60.00\n以后每30分钟 20.00"
    assert [said(one) for one in public_notes(first)] == ["不足一30分钟按一30分钟计"]


def test_english_has_no_chinese_words_of_ours() -> None:
    words.use("en")
    try:
        terms = row(unit="首小时200，续每小时50", internal="200", external="250", note="加急×1.5", minimum="1天")
        told = [said(public_price(terms, name)) for name in terms.classes] + [said(one) for one in public_notes(terms)]
        assert told == [
            "first hour 200.00\neach further hour 50.00", "first hour 250.00\neach further hour 62.50",
            "a started hour counts whole", "urgent × 1.5 (not the start-up)",
        ]  # fmt: skip
    finally:
        words.use("zh")
