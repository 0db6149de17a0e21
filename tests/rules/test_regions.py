"""Division codes of Shandong, and addresses as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from desktop import words
from desktop.ledger.region import Region
from desktop.rules import regions
from tests.recompute.plain_vouchers import where
from tests.rules.voucher_making import cases

CASES = cases("regions")


def shown(read: tuple[str, Region | None]) -> tuple[str, str]:
    return read[0], read[1].code if read[1] else ""


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_an_address_is_read_from_its_head(case: dict[str, Any]) -> None:
    assert shown(regions.in_text(case["text"])) == (case["province"], case["code"])


@pytest.mark.parametrize(
    ("text", "city"), [("济南", "济南市"), ("山东省济南市", "济南市"), ("济南高新区", None), ("历下区", None), ("南京市", None), ("", None)]
)
def test_a_city_alone_is_told_from_a_place_in_it(text: str, city: str | None) -> None:
    assert regions.city_named(text) == city


@pytest.mark.parametrize(
    ("province", "place", "code"),
    [("江苏省", "济南市", ""), ("江苏省", "鼓楼区", "32"), ("山东省", "山东省济南市", "37"), ("", "鼓楼区", ""), ("某省", "济南", "37"), ("山东省", "", "37")],
)
def test_a_place_beside_its_province(province: str, place: str, code: str) -> None:
    assert regions.located(province, place)[0] == code


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_second_reckoning_reads_them_alike(case: dict[str, Any]) -> None:
    assert where(case["text"]) == (case["province"], case["code"][:4])


def test_the_cases_would_notice_a_city_that_is_found_anywhere() -> None:
    def anywhere(text: str) -> tuple[str, Region | None]:
        return next((("37", city) for city in regions.cities() if city.city[:-1] in text), regions.in_text(text))

    wrong = [case["text"] for case in CASES if shown(anywhere(case["text"]))[0] != case["province"]]
    assert {"南京市鼓楼区青岛路32号", "大连市中山区济南路1号", "徐州市枣庄路", "江苏省徐州市枣庄路", "青岛路32号"} <= set(wrong)
