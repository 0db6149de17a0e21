"""Cells of files, by the cases a clerk can read: tests/cases/import_cells.toml."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.formats import cell_times, cells, fields
from desktop.formats.cells import Noted, Unreadable
from desktop.formats.spreadsheet import Fault, Value

_FILE = Path(__file__).parents[1] / "cases" / "import_cells.toml"
CASES: list[dict[str, Any]] = tomllib.loads(_FILE.read_text("utf-8"))["case"]
KINDS = {name.lower(): kind for name, kind in vars(fields).items() if isinstance(kind, fields.Kind)}
KINDS["hours"] = fields.SIGNED_HOURS


def cell_of(written: object) -> Value:
    if isinstance(written, str) and written.startswith("number:"):
        number = Decimal(written.removeprefix("number:"))
        return int(number) if number == number.to_integral_value() else number
    return written  # type: ignore[return-value]  # TOML knows texts, days, moments and truths


def shown(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['column']}-{case['cell']}")
def test_case(case: dict[str, Any]) -> None:
    kind = KINDS[case["column"]]
    parse = kind.parser(kind.unit)
    if "refused" in case:
        with pytest.raises(Unreadable) as caught:
            parse(cell_of(case["cell"]))
        assert caught.value.code == case["refused"]
        assert "{" not in words.say(caught.value.code, **caught.value.params)
        return
    got = parse(cell_of(case["cell"]))
    assert (got.code if isinstance(got, Noted) else None) == case.get("noted")
    assert shown(got.value if isinstance(got, Noted) else got) == case["reads"]


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("fault", [Fault("#N/A"), Fault("=")])
def test_a_cell_without_a_value_is_never_read_as_blank(name: str, fault: Fault) -> None:
    kind = KINDS[name]
    with pytest.raises(Unreadable) as caught:
        kind.parser(kind.unit)(fault)
    assert caught.value.code == ("import.formula_without_result" if fault.text == "=" else "import.error_value")


def test_the_unit_in_the_header_decides() -> None:
    assert [cells.fen(unit, exact=False)(Decimal("2.5")) for unit in ("元", "千元", "万元")] == [250, 250_000, 2_500_000]
    assert cells.wan("元")(15_370_000) == 1537


@given(st.integers(0, 2_000 * 525_600))
def test_a_serial_number_is_its_minute_whatever_digits_the_sheet_kept(minute: int) -> None:
    moment = datetime(1930, 1, 1) + timedelta(minutes=minute % (150 * 525_600))
    days = Decimal((moment - datetime(1899, 12, 30)) // timedelta(minutes=1)) / 1440
    for digits in ("0.0000000000", "0.00000"):
        serial = days.quantize(Decimal(digits))
        if serial == serial.to_integral_value():
            serial = Decimal(int(serial))
        assert cell_times.moment(serial) == moment


@given(st.text(max_size=40))
def test_cleaning_text_twice_is_cleaning_it_once(text: str) -> None:
    for clean in (cells.text, cells.line):
        once = clean(text)
        once = once.value if isinstance(once, Noted) else once
        assert clean(once) == once


_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)


@given(st.one_of(st.text(max_size=20), st.integers(), _NUMBERS, st.datetimes(), st.dates(), st.booleans()))
def test_no_cell_breaks_a_reader(value: Value) -> None:
    refused = []
    for kind in KINDS.values():
        try:
            kind.parser(kind.unit)(value)
        except Unreadable as fault:
            refused.append(fault.code)
    assert all(words.known(code) for code in refused)
