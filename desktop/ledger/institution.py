"""The provider institution (供给单位) whose ledger this is."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("university", "institute", "enterprise", "hospital", "new-institution", "testing-agency")


@dataclass(frozen=True, slots=True)
class Institution:
    """``uscc`` is the checked credit code; ``region`` a six-digit division code (370102); ``kind`` one of KINDS."""

    id: str
    name: str
    uscc: str
    kind: str
    region: str
