"""People: users of the program with a role and a PIN, and the technicians (实验技术人员) who are paid. Two separate lists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ELSEWHERE = "elsewhere"  # a person who came from another seat: the PIN stayed there
ROLES = ("lab_manager", "finance", "equipment_office", "approver", "auditor")


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the program. ``pin_hash`` is ``scrypt$salt$key`` in hex, empty without a PIN, or ELSEWHERE: then nobody
    acts as them here until a PIN is set here. An inactive person keeps their history."""

    id: str
    name: str
    role: str
    pin_hash: str
    active: bool = True

    @property
    def has_pin(self) -> bool:
        """Whether a PIN is set here."""
        return self.pin_hash not in ("", ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Technician:
    """``staff_number`` is the key; ``coefficient`` the role coefficient (角色系数) of the division; ``instruments`` their keys."""

    id: str
    staff_number: str
    name: str
    department: str = ""
    post: str = ""
    coefficient: Decimal = Decimal(1)
    instruments: tuple[str, ...] = ()
    active: bool = True
    imported: str = ""
