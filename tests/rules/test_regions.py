"""Division codes of Shandong."""

from __future__ import annotations

import pytest

from desktop import words
from desktop.rules import regions


def test_sixteen_cities_and_their_counties() -> None:
    assert len(regions.cities()) == 16
    assert len(regions.regions()) == 16 + 136
    assert all(len(code) == 6 and code.startswith("37") and code == region.code for code, region in regions.regions().items())
    assert all(region.code.startswith(region.city_code) for region in regions.regions().values())


@pytest.mark.parametrize(("code", "name"), [("370102", "济南市历下区"), ("371502", "聊城市东昌府区"), ("370200", "青岛市")])
def test_codes_name_places(code: str, name: str) -> None:
    region = regions.find(code)
    assert region is not None
    assert region.name == name
    assert regions.named(region.city, region.county) == region
    assert regions.check(code) == ()


@pytest.mark.parametrize(
    ("code", "finding", "severity"),
    [
        ("3701", "region.not_six_digits", "error"),
        ("37010２", "region.not_six_digits", "error"),
        ("110101", "region.other_province", "error"),
        ("371202", "region.unknown_city", "error"),
        ("370171", "region.unlisted_county", "note"),
    ],
)
def test_other_codes_say_why(code: str, finding: str, severity: str) -> None:
    (told,) = regions.check(code)
    assert (told.code, told.severity) == (finding, severity)
    assert code in words.say(told.code, **dict(told.params))


def test_a_place_that_is_not_there() -> None:
    assert regions.named("济南市", "莱山区") is None
    assert regions.named(" 烟台市 ", "莱山区") == regions.find("370613")
