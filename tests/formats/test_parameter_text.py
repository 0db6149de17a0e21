"""Rule values as people write them are read as meant, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.formats import parameter_text
from desktop.ledger.parameter import ParameterValue
from desktop.rules import parameter_files, parameters


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("fen", "300,000", 30_000_000), ("fen", "¥300000.01", 30_000_001), ("fen", "300000元", 30_000_000), ("ratio", "80%", Decimal("0.8")),
        ("ratio", "0.8", Decimal("0.8")), ("ratio", "12.5％", Decimal("0.125")), ("flag", "是", True), ("flag", "否", False), ("flag", "No", False),
        ("people", "10，20", (10, 20)), ("codes", "370100、370200", ("370100", "370200")), ("workdays", " 30 ", 30), ("hours", "0.5", Decimal("0.5")),
    ],
)  # fmt: skip
def test_what_people_type_becomes_the_value_of_the_unit(unit: str, text: str, value: ParameterValue) -> None:
    assert parameter_text.typed(unit, text) == value


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("fen", "三十万"), ("fen", "0.001"), ("fen", "60万"), ("fen", "99999999999999"), ("ratio", "120%"), ("ratio", "八成"), ("flag", "也许"),
        ("workdays", "30.5"), ("workdays", "3661"), ("workdays", "-1"), ("month", "13"), ("month", "0"), ("codes", ""), ("codes", "a;b"),
        ("people", "10,x"), ("hours", "8785"), ("hours", "NaN"), ("text", "a\x00b"), ("text", "长" * 2_001),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(unit: str, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller's words say what is wrong
        parameter_text.typed(unit, text)


def test_every_packaged_value_is_written_so_that_it_reads_back() -> None:
    known = parameters.packaged()
    for key in known.every_key():
        assert parameter_text.unit_of(parameter_text.UNIT_WORDS[known.unit(key)][0]) == known.unit(key)
        for one in known.history(key):
            assert parameter_text.typed(one.unit, parameter_text.written(one.value, one.unit)) == one.value, key


def test_every_unit_has_its_word() -> None:
    assert set(parameter_text.UNIT_WORDS) == parameter_files.UNITS
    assert parameter_text.unit_of("公斤") is None
