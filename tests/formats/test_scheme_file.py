"""A scheme written as a file is read back as the same scheme, whatever a person may have put into it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from desktop.formats import scheme_file
from desktop.ledger.allocation import BASES, CAPS_OF, RECEIVERS, SHARES_OF, WEIGHT_BASES, Scheme, Share

WORDS = some.text(some.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).map(str.strip).filter(bool)
RATES = some.decimals(0, 1, allow_nan=False, allow_infinity=False, places=6)
SHARES = some.builds(
    Share, some.sampled_from(RECEIVERS), WORDS, some.sampled_from(SHARES_OF), RATES, some.none() | some.integers(0, 10**13),
    some.none() | RATES, some.sampled_from(CAPS_OF),
)  # fmt: skip
SCHEMES = some.builds(
    Scheme, some.just(""), WORDS, some.dates(date(1990, 1, 1), date(2099, 12, 31)), WORDS, some.sampled_from(BASES), some.booleans(),
    some.lists(SHARES, min_size=1, max_size=5).map(tuple), some.sampled_from(WEIGHT_BASES), some.booleans(), WORDS,
    some.dictionaries(WORDS, some.decimals(0, 9, allow_nan=False, allow_infinity=False, places=2), max_size=3).map(lambda d: tuple(d.items())),
    some.none() | some.dates(date(1990, 1, 1), date(2099, 12, 31)),
)  # fmt: skip


@pytest.mark.parametrize("ending", [".toml", ".json"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(scheme=SCHEMES)
def test_written_and_read_again_it_is_the_same(tmp_path: Path, ending: str, scheme: Scheme) -> None:
    file = tmp_path / f"a{ending}"
    scheme_file.write(scheme, file)
    found, findings = scheme_file.read(file)
    assert not findings
    assert found == scheme
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("text", ["0.15", '"15%"', '"15 ％"', '"0.15"', '"１５%"'])
def test_a_rate_is_read_as_people_write_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.toml"
    scheme = Scheme("", "甲", date(2026, 1, 1), "1号", "posted", True, (Share("technicians", "人", "rest", Decimal("0.9")),), "amount", False, "T1")
    scheme_file.write(scheme, file)
    file.write_text(file.read_text("utf-8").replace("rate = 0.9", f"rate = {text}"), "utf-8")
    found, findings = scheme_file.read(file)
    assert not findings
    assert found is not None
    assert found.shares[0].rate == Decimal("0.15")


def test_what_is_given_beside_the_file_stands_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("name = 1\n", "utf-8")
    found, findings = scheme_file.read(file, {"name": "乙", "from": date(2026, 1, 1), "document": "2号"})
    assert found is None
    assert {f.field for f in findings} == {"basis", "include_internal", "weigh", "use_coefficient", "remainder_to", "share"}
