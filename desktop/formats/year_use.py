"""A year's use of one set in the shapes universities report: SJ3 of the Ministry of Education, and ShareEffect of the sharing system (CERS).

Hours are whole, rounded half up from minutes, the open hours never above the sum of the three they are among; **hours that are blank are 0
here**, as the ministry says (the national platform leaves them blank). Built from public descriptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from desktop.formats.moe import Sj1Row, width
from desktop.formats.national import Teller
from desktop.formats.write import Out, OutSheet
from desktop.formats.xml_text import escaped
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.money import half_up

SJ3 = (
    "学校代码", "仪器编号", "分类号", "仪器名称", "单价", "型号", "规格", "教学机时", "科研机时", "社会服务机时", "其中开放机时", "测样数",
    "培训学生", "培训教师", "培训其他", "教学实验项目数", "科研项目数", "社会服务项目数", "国家级获奖", "省部级获奖", "教师发明专利",
    "学生发明专利", "三大检索论文", "核心刊物论文", "负责人姓名",
)  # fmt: skip
"""The columns of SJ3, in its order."""
_FROM_SJ1 = SJ3[:7]

SHARE_EFFECT = (
    "SchoolCode", "InnerID", "YEAR", "LSNUSEDHRS", "RSCHUSEDHRS", "SERUSEDHRS", "OPENHRS", "SAMPLENUM", "TRNSTUD", "TRNTEACH", "TRNOTHERS", "EDUPROJ",
    "RSCHPROJ", "SOCIALPROJ", "RWDNATION", "RWDPROV", "RWDTEACH", "RWDSTUD", "PAPERINDEX", "PAPERKERNEL", "CHARGEMAN",
)  # fmt: skip
"""The elements of one row of ShareEffect, in its order."""

_MOST_HOURS, _MOST_SAMPLES, _MOST = 8_784, 999_999, 9_999
_INNER_ID, _PERSON = 15, 20


@dataclass(frozen=True, slots=True)
class YearUse:
    """What one set was used for in a year; minutes and counts, None: nobody entered it. In the order of both shapes."""

    teaching_minutes: int | None = None
    research_minutes: int | None = None
    service_minutes: int | None = None
    open_minutes: int | None = None
    samples: int | None = None
    trained_students: int | None = None
    trained_teachers: int | None = None
    trained_others: int | None = None
    teaching_projects: int | None = None
    research_projects: int | None = None
    service_projects: int | None = None
    national_awards: int | None = None
    provincial_awards: int | None = None
    teacher_patents: int | None = None
    student_patents: int | None = None
    indexed_papers: int | None = None
    core_papers: int | None = None


_NAMES = tuple(one.name for one in fields(YearUse))
_OPEN = _NAMES.index("open_minutes")  # the three hours it is among stand before it


@dataclass(frozen=True, slots=True)
class UseRow:
    """The cells of a row in their order, and what is wrong with it."""

    cells: tuple[Out, ...]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether it may be written: no error among its findings."""
        return not any(one.severity == "error" for one in self.findings)


def sj3(one: Instrument, first: Sj1Row, use: YearUse) -> UseRow:
    """A set's year as SJ3 holds it; ``first`` is its row of SJ1, whose findings are told there."""
    told = Teller("instrument", one.id, one.asset_number)
    counted = _counted(use, told)
    return UseRow((*(first.cells[column] for column in _FROM_SJ1), *counted, _person(one, told)), tuple(told.findings))


def share_effect(one: Instrument, school: str, year: int, use: YearUse, inner_id: str = "") -> UseRow:
    """A set's year as ShareEffect holds it, under the number it has in the sharing system ("" : the asset number)."""
    told = Teller("instrument", one.id, one.asset_number)
    if one.confidential is None:
        told.tell("confidential", "moe.secrecy_unknown")
    number = inner_id or one.asset_number
    if len(number) > _INNER_ID:
        told.tell("asset_number", "moe.too_wide", shown=number, n=len(number), limit=_INNER_ID)
    counted = _counted(use, told)
    return UseRow((school, number, year, *counted, _person(one, told)), tuple(told.findings))


def _person(one: Instrument, told: Teller) -> str:
    if not one.contact.strip():
        told.tell("contact", "moe.blank")
    elif (n := width(one.contact)) > _PERSON:
        told.tell("contact", "moe.too_wide", shown=one.contact, n=n, limit=_PERSON)
    return one.contact.strip()


def _counted(use: YearUse, told: Teller) -> tuple[int, ...]:
    found, blank = [], 0
    for name in _NAMES:
        value = getattr(use, name)
        blank += value is None
        hours = name.endswith("_minutes")
        shown = half_up(Decimal(value or 0) / 60) if hours else value or 0
        most = _MOST_HOURS if hours else _MOST_SAMPLES if name == "samples" else _MOST
        if not 0 <= shown <= most:
            told.tell("yearly_hours", "moe.count_beyond", what=f"moe.use.{name}", shown=shown, limit=most)
        found.append(shown)
    if blank:
        told.tell("yearly_hours", "moe.blank_is_zero", "note", n=blank)
    parts = (use.teaching_minutes or 0) + (use.research_minutes or 0) + (use.service_minutes or 0)
    if (use.open_minutes or 0) > parts:
        told.tell("external_hours", "moe.open_beyond_all", shown=found[_OPEN])
    elif found[_OPEN] > (whole := sum(found[:_OPEN])):
        # Each is rounded on its own: 10.4 and 10.4 hours are 10 and 10, and the 20.8 of them that were open are 21.
        told.tell("external_hours", "moe.open_capped", "note", shown=found[_OPEN], written=whole)
        found[_OPEN] = whole
    return tuple(found)


def sheet(rows: Iterable[UseRow]) -> OutSheet:
    """The sheet SJ3 of rows that are sound."""
    return OutSheet("SJ3", SJ3, (row.cells for row in rows))


def share_effect_xml(rows: Sequence[UseRow]) -> bytes:
    """ShareEffect of rows that are sound, UTF-8; the same rows give the same bytes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Root>", "<ShareEffects>"]
    for row in rows:
        told = "".join(f"<{name}>{escaped(str(cell))}</{name}>" for name, cell in zip(SHARE_EFFECT, row.cells, strict=True))
        lines.append(f"<ShareEffect>{told}</ShareEffect>")
    return "\n".join([*lines, "</ShareEffects>", "</Root>", ""]).encode()
