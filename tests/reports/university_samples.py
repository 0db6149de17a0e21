"""A small sample of the check of a university's yearly tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from desktop.ledger.university import ITEMS
from desktop.reports import university
from desktop.reports.content import Content
from desktop.reports.faults import FaultLine
from desktop.reports.university import SetLine, UniversityFacts
from desktop.words import say
from tests.reports.samples import LETTERHEAD

_BLANK = dict.fromkeys(ITEMS, (0, "blank"))
def facts() -> UniversityFacts:
    """Two sets of SJ3, one of them without anything; the words of what is lacking in the language in use."""
    return UniversityFacts(
        "2024–2025 学年", "10422", 15, 2,
        {"last": (12, Decimal("1186.28")), "increase": (3, Decimal("409.99")), "decrease": (1, Decimal("40.00")), "now": (14, Decimal("1556.27"))},
        (
            SetLine(
                "2015021", "20210001", "场发射扫描电子显微镜（含能谱仪）", 1_186_000_00,
                _BLANK | {"teaching_minutes": (300, "entered"), "research_minutes": (1_020, "entered"), "service_minutes": (200, "derived"),
                          "open_minutes": (0, "derived"), "samples": (1_403, "derived"), "national_awards": (0, "entered"), "core_papers": (17, "entered")},
                True,
            ),
            SetLine("2018044", "", "质谱仪", 400_000_00, _BLANK, False),
        ),
        (
            FaultLine("error", say("moe.department_code", number="2018044"), tuple(f"20180{n}" for n in range(44, 57))),
            FaultLine("warning", say("university.running", period="2024-2025", day="2025-08-31"), ()),
            FaultLine("note", say("moe.blank_is_zero", number="2018044", n=17), ("2018044",)),
        ),
        3, True, "C", 2, 1,
    )  # fmt: skip


UNIVERSITY: dict[str, Callable[[], Content]] = {"university": lambda: university.report(facts(), LETTERHEAD)}
