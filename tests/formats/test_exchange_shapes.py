"""Each exchange shape written out by hand: every place holds another value, so that a column, an element or a key that changed place, unit or source is
seen. The other tests compare with the program's own lists; these do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.formats import cers, moe, moe_workbook, national, national_instruments, spreadsheet, write, year_use
from desktop.formats.moe import Stated
from desktop.formats.moe_workbook import Sj2
from desktop.formats.year_use import YearUse
from desktop.ledger.cers import CersSet
from tests.formats.test_national_instruments import SOUND, TABLES, made

ONE = replace(
    SOUND, carrier_type="国家重点实验室", carrier_number="LAB-7", customs_supervised=True, declaration_number="420120211012345678", declaration_item="07",
    released_on=date(2024, 1, 9), declared_name="扫描电镜整机",
)  # fmt: skip
UNIT = "0123456789abcdef0123456789abcdef"


def n4() -> None:
    assert national_instruments.n4(made(ONE, TABLES), UNIT, TABLES) == {
        "insCode": UNIT, "innerId": "A1", "cname": "场发射扫描电镜", "ename": "FE-SEM", "instrBelongsType": "6", "instrBelongsName": "国家重点实验室",
        "resourceName": "LAB-7", "insideDepart": "分析测试中心", "instrCategory": "010102", "instrSource": "购置", "instrSupervise": "是",
        "worth": "118.60", "nation": "德国", "manufacturer": "蔡司", "beginDate": "2021-03-05", "type": "通用", "instrVersion": "Sigma 500",
        "technical": "分辨率0.8 nm", "function": "形貌观察", "subject": "430,150", "funds": "2,3", "serviceContent": "成像观察", "requirement": "提前预约",
        "fee": "180元/小时", "serviceUrl": "https://yiqi.example.edu.cn/A1", "runMachine": "1487", "serviceMachine": "376.5", "image": "sem.jpg",
        "province": "山东省", "city": "济南市", "county": "历下区", "street": "文化东路1号", "contact": "张一", "phone": "0531-88015764",
        "email": "zhang@example.edu.cn", "address": "济南市文化东路1号", "postalcode": "250100", "achievement": "无",
    }  # fmt: skip


def n5() -> None:
    assert national_instruments.n5(made(ONE, TABLES), UNIT) == {
        "insCode": UNIT, "innerId": "A1", "declarationNumber": "420120211012345678", "importDate": "2024-01-09", "itemNumber": "07", "formname": "扫描电镜整机",
    }  # fmt: skip


def sj2() -> None:
    (sheet,) = [moe_workbook.sj2(Sj2("10422", "2024-2025", (41, 812_345_678_00), (6, 98_765_432_10), (44, 900_000_000_00)))]
    assert dict(zip(sheet.header, *sheet.rows, strict=True)) == {
        "学校代码": "10422", "学年": "2024-2025", "上学年末台（套）数": 41, "上学年末金额（万元）": Decimal("81234.57"), "本学年增加台（套）数": 6,
        "本学年增加金额（万元）": Decimal("9876.54"), "本学年减少台（套）数": 3, "本学年减少金额（万元）": Decimal("1111.11"), "本学年末台（套）数": 44,
        "本学年末金额（万元）": Decimal("90000.00"),
    }  # fmt: skip


USE = YearUse(
    teaching_minutes=301 * 60, research_minutes=502 * 60, service_minutes=203 * 60, open_minutes=404 * 60, samples=5, trained_students=6, trained_teachers=7,
    trained_others=8, teaching_projects=9, research_projects=10, service_projects=11, national_awards=12, provincial_awards=13, teacher_patents=14,
    student_patents=15, indexed_papers=16, core_papers=17,
)  # fmt: skip
COUNTED = {
    "教学机时": 301, "科研机时": 502, "社会服务机时": 203, "其中开放机时": 404, "测样数": 5, "培训学生": 6, "培训教师": 7, "培训其他": 8, "教学实验项目数": 9,
    "科研项目数": 10, "社会服务项目数": 11, "国家级获奖": 12, "省部级获奖": 13, "教师发明专利": 14, "学生发明专利": 15, "三大检索论文": 16, "核心刊物论文": 17,
}  # fmt: skip


def sj3() -> None:
    first = moe.sj1(SOUND, "10422", Stated("20210001", "03040702", "2", "0105"), date(2025, 9, 1))
    sheet = year_use.sheet([year_use.sj3(SOUND, first, USE)])
    told = dict(zip(sheet.header, *sheet.rows, strict=True))
    assert list(told)[:7] == ["学校代码", "仪器编号", "分类号", "仪器名称", "单价", "型号", "规格"]
    assert [told[name] for name in ("学校代码", "仪器编号", "分类号", "仪器名称", "型号")] == ["10422", "20210001", "03040702", "场发射扫描电镜", "Sigma 500"]
    assert {name: told[name] for name in list(told)[7:-1]} == COUNTED
    assert list(told)[7:-1] == list(COUNTED)
    assert (list(told)[-1], told["负责人姓名"]) == ("负责人姓名", "张一")


def share_effect() -> None:
    assert dict(zip(year_use.SHARE_EFFECT, year_use.share_effect(SOUND, "10422", 2025, USE, "I-9").cells, strict=True)) == {
        "SchoolCode": "10422", "InnerID": "I-9", "YEAR": 2025, "LSNUSEDHRS": 301, "RSCHUSEDHRS": 502, "SERUSEDHRS": 203, "OPENHRS": 404, "SAMPLENUM": 5,
        "TRNSTUD": 6, "TRNTEACH": 7, "TRNOTHERS": 8, "EDUPROJ": 9, "RSCHPROJ": 10, "SOCIALPROJ": 11, "RWDNATION": 12, "RWDPROV": 13, "RWDTEACH": 14,
        "RWDSTUD": 15, "PAPERINDEX": 16, "PAPERKERNEL": 17, "CHARGEMAN": "张一",
    }  # fmt: skip
    assert list(year_use.SHARE_EFFECT) == [
        "SchoolCode", "InnerID", "YEAR", "LSNUSEDHRS", "RSCHUSEDHRS", "SERUSEDHRS", "OPENHRS", "SAMPLENUM", "TRNSTUD", "TRNTEACH", "TRNOTHERS", "EDUPROJ",
        "RSCHPROJ", "SOCIALPROJ", "RWDNATION", "RWDPROV", "RWDTEACH", "RWDSTUD", "PAPERINDEX", "PAPERKERNEL", "CHARGEMAN",
    ]  # fmt: skip


def sharing_system() -> None:
    stated = CersSet(
        "s1", "k1", inner_id="I-9", assets_code="032101", classification_code="010102", alias="场发射", application_area="材料",
        maker_certification="ISO 9001", image_url="https://yiqi.example.edu.cn/A1.jpg", group_id="G1", share_level="3", open_calendar="周一至周五",
        service_charge="180元/小时", state="1", page_url="https://yiqi.example.edu.cn/A1",
    )  # fmt: skip
    assert list(cers.instru(SOUND, stated, "10422", date(2026, 11, 27)).cells.items()) == [
        ("SchoolCode", "10422"), ("InnerID", "I-9"), ("AssetsCode", "032101"), ("ClassificationCode", "010102"), ("CHNName", "场发射扫描电镜"),
        ("ENGName", "FE-SEM"), ("Alias", "场发射"), ("Model", "Sigma 500"), ("TechParameter", "分辨率0.8 nm"), ("ApplicationArea", "材料"),
        ("Manufacturer", "蔡司"), ("ManuCertification", "ISO 9001"), ("ManuCountryCode", "C276"), ("PriceRMB", "1186000.00"), ("ServiceDate", "2021-02-01"),
        ("ImageURL", "https://yiqi.example.edu.cn/A1.jpg"), ("Organization", "分析测试中心"), ("GroupID", "G1"), ("Location", "山东省济南市历下区文化东路1号"),
        ("ZIPCode", "250100"), ("ContactPerson", "张一"), ("Telephone", "0531-88015764"), ("Email", "zhang@example.edu.cn"), ("ShareLevel", "3"),
        ("OpenCalendar", "周一至周五"), ("ServiceCharge", "180元/小时"), ("State", "1"), ("URL", "https://yiqi.example.edu.cn/A1"),
        ("UpdateDate", "2026-11-27T00:00:00"),
    ]  # fmt: skip


SHAPES: dict[str, Callable[[], None]] = {
    "N4": n4, "N5": n5, "SJ2": sj2, "SJ3": sj3, "ShareEffect": share_effect, "InstrusAndGroups": sharing_system,
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_every_place_holds_its_own(name: str) -> None:
    SHAPES[name]()


def test_the_sheet_of_the_ministry_reads_back_in_ten_thousands(tmp_path: Path) -> None:
    write.write(tmp_path / "SJ2.xlsx", [moe_workbook.sj2(Sj2("10422", "2024-2025", (1, 118_600_000), (0, 0), (1, 118_600_000)))])
    _, row = spreadsheet.read(tmp_path / "SJ2.xlsx").sheets[0].rows
    assert row[2:] == [1, Decimal("118.6"), 0, 0, 0, 0, 1, Decimal("118.6")]


def _swapped(names: tuple[str, ...], one: str, other: str) -> tuple[str, ...]:
    return tuple(other if name == one else one if name == other else name for name in names)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("SJ2", lambda m: m.setattr(moe_workbook, "hundredths", lambda fen: national.hundredths(fen) * 10_000)),
        ("ShareEffect", lambda m: m.setattr(year_use, "SHARE_EFFECT", _swapped(year_use.SHARE_EFFECT, "TRNSTUD", "TRNTEACH"))),
        ("SJ3", lambda m: m.setattr(year_use, "SJ3", _swapped(year_use.SJ3, "培训学生", "培训教师"))),
        ("N4", lambda m: m.setattr(national_instruments, "_number", lambda hours: "376.5")),
        ("N4", lambda m: m.setattr(national, "wan", lambda fen: str(fen))),
        ("InstrusAndGroups", lambda m: m.setattr(cers, "ELEMENTS", _swapped(cers.ELEMENTS, "Model", "TechParameter"))),
    ],
    ids=["yuan for 万元", "students under teachers", "columns changed", "hours of others", "fen for 万元", "elements changed"],
)  # fmt: skip
def test_a_place_that_changed_is_seen(name: str, broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        SHAPES[name]()
