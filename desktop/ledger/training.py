"""A training (培训) and who took part: the people of the pilot-scale stage by subject (clause 8), and the training of technicians (clause 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PILOT_SUBJECTS = ("overall_design", "process_design", "integration", "quality_control", "production")
"""总体方案设计, 工艺设计, 技术集成, 质量控制, 生产运营: what clause 8 trains in."""

SUBJECTS = (*PILOT_SUBJECTS, "instrument", "safety", "other")
"""And the training of technicians: on instruments, in safety, in something else."""

OUTCOMES = ("attended", "passed", "failed")


@dataclass(frozen=True, slots=True)
class Training:
    """``number`` is how people call it; ``hours`` are class hours of one who took part; days in Asia/Shanghai, ``ends_on`` the last one.

    ``document`` is the ground: notice, list of those who signed, contract.
    """

    id: str
    number: str
    name: str
    subject: str
    organiser: str
    place: str
    starts_on: date
    ends_on: date
    hours: Decimal
    document: str

    @property
    def pilot(self) -> bool:
        """Whether it is one of the subjects of clause 8."""
        return self.subject in PILOT_SUBJECTS


@dataclass(frozen=True, slots=True)
class Attendance:
    """One who took part: a technician of the ledger, or by ``name`` and ``organisation`` someone else. ``certificate`` is its number, "" for none."""

    id: str
    training_id: str
    technician_id: str | None
    name: str
    organisation: str
    outcome: str
    certificate: str = ""
