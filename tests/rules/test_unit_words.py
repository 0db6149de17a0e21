"""Units in both languages: in Chinese as the list has them, in English in words where a list usually counts by them."""

from __future__ import annotations

import pytest

from desktop.ledger.fee_terms import FirstFurther, Fixed, Unit
from desktop.rules import price_cells, unit_words
from desktop.rules.phrase import Phrase, phrase
from desktop.rules.price_text import price_phrase, unit_phrase


def said(name: str, language: str) -> str:
    told = unit_words.name_words(name)
    return told.told(language) if isinstance(told, Phrase) else told  # type: ignore[arg-type]  # one of two


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("30分钟", "30 minutes"), ("1分钟", "1 minute"), ("小时", "hour"), ("天", "day"), ("样", "sample"), ("元素", "element"),
        ("次", "run"), ("0分钟", "0分钟"), ("晶胞", "晶胞"),
    ],
)  # fmt: skip
def test_a_unit_has_its_english_and_keeps_its_chinese(name: str, english: str) -> None:
    assert (said(name, "zh"), said(name, "en")) == (name, english)


def test_whatever_a_list_is_read_to_count_by_has_english() -> None:
    assert len(unit_words._named()) == len(unit_words.CODES)
    for name in (*price_cells._COUNTED, *unit_words._named()):
        assert said(name, "zh") == name
        assert said(name, "en").isascii(), name


BLOCK, SAMPLE, PRODUCT = Unit("block", "30分钟", 30), Unit("count", "样"), Unit("product", "样×温度点", 0, ("样", "温度点"))


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (price_phrase(Fixed(300_00), BLOCK), "每30分钟300.00元", "300.00 yuan per 30 minutes"),
        (price_phrase(Fixed(150_00), SAMPLE), "每样150.00元", "150.00 yuan per sample"),
        (price_phrase(FirstFurther(200_00, 50_00), BLOCK), "首个30分钟200.00元，以后每30分钟50.00元，不足一个计费单位按一个计",
         "first 30 minutes 200.00 yuan, each further 30 minutes 50.00 yuan, a started one counts whole"),
        (unit_phrase(SAMPLE), "按“样”计数，不足一个按一个", "per started sample"),
        (unit_phrase(PRODUCT), "按“样”数×“温度点”数计", "number of sample × number of temperature"),
    ],
)  # fmt: skip
def test_prices_name_their_unit_in_the_language_they_are_said_in(told: Phrase, zh: str, en: str) -> None:
    assert (told.told("zh"), told.told("en")) == (zh, en)


def test_a_unit_that_is_not_translated_would_be_seen() -> None:
    """Broken on purpose: the name goes into the words as it is."""
    told = phrase("fee.reading.fixed", price="300.00", unit=BLOCK.name)
    assert "30分钟" in told.told("en")
