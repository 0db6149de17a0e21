"""A small sample of the check of what the universities' sharing system gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.reports import cers
from desktop.reports.cers import CersFacts, CersLine
from desktop.reports.content import Content
from desktop.reports.faults import FaultLine
from desktop.words import say
from tests.reports.samples import LETTERHEAD

_SOUND = {
    "InnerID": "2015021", "AssetsCode": "032101", "ClassificationCode": "010102", "ManuCountryCode": "C276", "GroupID": "JZ01", "ShareLevel": "3",
    "ServiceDate": "2015-06-30", "ApplicationArea": "材料、器件和生物样品的形貌观察和成分分析", "ManuCertification": "ISO 9001",
    "OpenCalendar": "周一至周五 8:30–17:00，节假日另行通知", "ServiceCharge": "180 元/小时；校外 360 元/小时",
    "ImageURL": "https://yiqi.example.edu.cn/pictures/2015/2015021-front.jpg", "URL": "https://yiqi.example.edu.cn/instruments/2015021",
}  # fmt: skip


def facts() -> CersFacts:
    """Two sets that may be written, one of them of 400 000 yuan, and one that lacks its group, price and day; the words in the language in use."""
    lacking = _SOUND | {"InnerID": "Y-7", "ShareLevel": "0", "State": "1", "GroupID": "", "ServiceDate": "", "URL": ""}
    return CersFacts(
        date(2026, 1, 15), "10422",
        (
            CersLine("2015021", "场发射扫描电子显微镜（含能谱仪）", 1_186_280_01, _SOUND, True),
            CersLine("2018044", "质谱仪", 400_000_00, _SOUND | {"InnerID": "2018044", "State": "0"}, True),
            CersLine("2020007", "X 射线衍射仪", None, lacking, False),
        ),
        (
            FaultLine("error", say("cers.blank", number="2020007", column="cers.field.group_id"), ("2020007",)),
            FaultLine("warning", say("cers.contact_left_out", number="2015021", blank="instrument_field.postcode"), ("2015021", "2018044")),
        ),
        12, 3,
    )  # fmt: skip


SHARED: dict[str, Callable[[], Content]] = {"cers": lambda: cers.report(facts(), LETTERHEAD)}
