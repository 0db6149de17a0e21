"""Service records as the national exchange holds them: units, the protocol's own traps, what stays here."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import national_services
from desktop.formats.national import Tables
from desktop.formats.national_services import Service
from desktop.ledger.customer import Customer
from desktop.ledger.instrument import Instrument
from desktop.ledger.national_service import STATED, NationalService
from desktop.ledger.service_record import Posting, ServiceRecord

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "national_services.toml").read_text("utf-8"))["case"]
START, END = datetime(2025, 5, 6, 9, 0), datetime(2025, 5, 6, 11, 0)
SOUND = Service(
    ServiceRecord(
        "r1", "R1", "i1", "c1", "鲁信检测有限公司", START, END, 120, "测试",
        contact="何磊", way="技术共享", direction="科学研究", contract="HT-1", rating="一般", state="posted",
    ),
    Posting(
        "p1", "r1", "R1", "i1", None, "c1", "s1", "l1", "external", True, False, Decimal(2), "小时", 18_000, 36_000, 120, "",
        date(2025, 5, 6), "2025-05", date(2025, 5, 7),
    ),
    Instrument("i1", "A1", "扫描电镜", confidential=False, customs_supervised=False),
    Customer("c1", "鲁信检测有限公司", False, phone="0531-1"),
)  # fmt: skip


def given(case: dict[str, Any]) -> Service:
    """The sound record with the case's changes, each in the fact that has a field of its name."""
    changes: dict[str, Any] = {}
    for name, value in case["given"].items():
        if isinstance(value, str) and value[:1] == "x" and value[1:].isdecimal():
            value = "字" * int(value[1:])
        elif name.endswith("_at"):
            value = datetime.fromisoformat(value)
        elif name == "quantity":
            value = Decimal(value)
        changes[name] = value
    parts = []
    for part in (SOUND.record, SOUND.posting, SOUND.instrument, SOUND.customer, NationalService("s1", "r1")):
        known = {field.name for field in fields(part)}
        parts.append(replace(part, **{name: value for name, value in changes.items() if name in known}))
    return Service(*parts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    form = national_services.n6(given(case), "UNIT", personal=case.get("personal", False))
    told = [f"{'!' if one.severity == 'error' else ''}{one.field} {one.code}" for one in form.findings]
    assert sorted(told) == sorted(case["findings"])
    assert form.sound == (not any(one.startswith("!") for one in told))
    assert {name: form.values[name] for name in case["shown"]} == case["shown"]
    for one in form.findings:
        said = words.say_in("en", one.code, **dict(one.params))
        assert "{" not in said
        assert "_field" not in said


_FUNDING = (
    "国家重大科技专项", "国家自然科学基金", "863计划", "国家科技支撑（攻关）计划", "火炬计划", "星火计划", "973计划", "211工程", "985工程",
    "公益性行业科研专项",
    "国家社会科学基金", "国家科技基础性工作专项", "科技基础条件平台专项", "除上述计划外由中央政府部门下达", "地方科技计划项目", "其他", "无",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        *(("income", word, None) for word in _FUNDING),
        ("income", "国家自然科学基金委", "income"), ("income", "863", "income"),
        ("email", "a@b.cn", None), ("email", "a@b", "email"), ("email", "无", "email"), ("email", f"{'a' * 45}@b.cn", None),
        ("email", f"{'a' * 46}@b.cn", "too_long"), ("content", "字" * 200, None), ("content", "字" * 201, "too_long"),
        *((name, "字" * n, code) for name in ("project", "area", "moved_to", "customs_notice", "duty_paid") for n, code in ((100, None), (101, "too_long"))),
        ("handler", "字" * 50, None), ("handler", "字" * 51, "too_long"),
        *((name, "", None) for name in STATED),
    ],
)  # fmt: skip
def test_what_may_be_stated(name: str, text: str, code: str | None) -> None:
    fault = national_services.entry_fault(name, text)
    assert (fault and fault[0]) == (code and f"national_service.{code}")
    if fault is not None:
        assert "{" not in words.say_in("en", fault[0], **dict(fault[1]))


def test_a_service_of_a_set_that_may_be_confidential_does_not_leave() -> None:
    unknown = national_services.n6(replace(SOUND, instrument=replace(SOUND.instrument, confidential=None)), "UNIT")
    assert (unknown.sound, [one.code for one in unknown.findings if one.severity == "error"]) == (False, ["national.set_secrecy_unknown"])


def test_the_object_has_the_exchange_s_names() -> None:
    names = (
        "recordInnerId", "insCode", "innerId", "amounts", "serviceTime", "endTime", "serviceAmount", "serviceContent", "serviceWay",
        "serviceType", "serviceDirection", "subjectName", "subjectIncome", "subjectArea", "subjectContent", "applicant", "applicantPhone",
        "applicantEmail", "applicantUnit", "comment", "adressType", "moveAddress", "serviceCode", "record", "signAgreement",
    )  # fmt: skip
    values = national_services.n6(SOUND, "UNIT").values
    assert tuple(values) == names
    assert all(isinstance(value, str) and value for value in values.values())


@pytest.mark.parametrize(
    ("area", "shown"),
    [("化学", []), ("150", []), ("化学、材料科学", []), ("", []), ("炼金术", ["炼金术"]), ("化学，炼金术", ["炼金术"]), ("化学工", ["化学工"])],
)  # fmt: skip
def test_a_discipline_that_is_in_no_list_is_told_and_goes_as_it_stands(area: str, shown: list[str]) -> None:
    one = replace(SOUND, stated=NationalService("s1", "r1", area=area))
    form = national_services.n6(one, "UNIT", Tables(subjects={"150": "化学", "430": "材料科学"}))
    told = [dict(found.params)["shown"] for found in form.findings if found.code == "national_service.unlisted_area"]
    assert (told, form.sound, form.values["subjectArea"]) == (shown, True, area or "无")
    assert not [found for found in national_services.n6(one, "UNIT").findings if found.code == "national_service.unlisted_area"], "without a list"


def test_the_key_there_outlives_a_renumbering() -> None:
    again = replace(SOUND, record=replace(SOUND.record, number="R900"))
    assert national_services.n6(again, "UNIT").values["recordInnerId"] == "r1"


BROKEN = {
    "yes is 1": ("_YES", "1", "an agreement is signed: 0 is yes"),
    "inside is 1": ("_INSIDE_THE_UNIT", "1", "a sound record for others"),
    "the two kinds of users are mixed up": ("_EXTERNAL", "120", "a sound record for others"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_trap_would_be_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    constant, value, case_name = BROKEN[name]
    monkeypatch.setattr(national_services, constant, value)
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"] == case_name))
