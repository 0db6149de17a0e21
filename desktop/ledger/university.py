"""What a university reports each year of a set and the register does not hold: what the school states of it, and the counts of an academic year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HOURS: tuple[str, ...] = ("teaching_minutes", "research_minutes", "service_minutes", "open_minutes")
"""教学, 科研, 社会服务机时, and 其中开放机时, which are among them; kept in minutes, reported in whole hours."""

COUNTS: tuple[str, ...] = (
    "samples", "trained_students", "trained_teachers", "trained_others", "teaching_projects", "research_projects", "service_projects",
    "national_awards", "provincial_awards", "teacher_patents", "student_patents", "indexed_papers", "core_papers",
)  # fmt: skip
"""测样数, 培训学生, 教师, 其他, 教学实验, 科研, 社会服务项目数, 国家级, 省部级获奖, 教师, 学生发明专利, 三大检索, 核心刊物论文."""

ITEMS = (*HOURS, *COUNTS)
"""What is counted of a set's year, in the order of both shapes (SJ3 and ShareEffect)."""

TEACHING, RESEARCH = "1", "2"
USES = (TEACHING, RESEARCH)
"""使用方向."""

STATES = tuple("123456789")
"""现状码: 在用, 多余, 待修, 待报废, 丢失, 报废, 调出, 降档, 其他."""


@dataclass(frozen=True, slots=True)
class StatedSet:
    """What a school states of one set, one row a set; "" is not stated.

    ``number`` in the ministry's tables (at most 8 places; "": the asset number), ``class_code`` of the ministry's own list (8 digits), ``use`` one
    of USES, ``department_code`` (at most 10 places), ``state`` one of STATES ("": in use while it is not retired); ``name`` and ``specification``
    (规格) of at most 30 places where the register's name and indicators are too long for the tables ("": the register's).
    """

    id: str
    instrument_id: str
    number: str = ""
    class_code: str = ""
    use: str = ""
    department_code: str = ""
    state: str = ""
    name: str = ""
    specification: str = ""
    noted_by: str = ""


STATED: tuple[str, ...] = ("number", "class_code", "use", "department_code", "state", "name", "specification")
"""The names of what is stated, in the order in which it is asked for."""


@dataclass(frozen=True, slots=True)
class UseCount:
    """One of ITEMS for a set in an academic ``year`` (``2024-2025``): ``amount`` in minutes for HOURS, else a count; zero is a count too.

    What nobody entered has no fact. ``ground`` is what it rests on ("" where nobody said); ``noted_on`` the day it was entered, Asia/Shanghai.
    """

    id: str
    instrument_id: str
    year: str
    item: str
    amount: int
    ground: str
    noted_on: date
    noted_by: str = ""
