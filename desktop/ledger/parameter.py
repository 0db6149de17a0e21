"""A rule parameter: one dated, cited value. Packaged values never change; an institution adds newer ones by document number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ParameterValue = int | Decimal | str | bool | tuple[int, ...] | tuple[str, ...]

CERTAINTIES = ("A", "A-", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Parameter:
    """``key`` is ``subject.name``; in force from ``from_on`` (in it) to ``until_on`` (not in it) or to the next value.

    ``unit`` fixes the type of ``value``: fen, counts and times are int (hours may be Decimal), ratio a Decimal between
    0 and 1, flag bool, text str, codes a tuple of str, people and wan (万元) a tuple of int.
    ``certainty``: A text read, A- in a re-post, B secondary, C general knowledge, D draft only.
    ``own`` marks the institution's own value; its ``source`` is the document number.
    """

    key: str
    from_on: date
    value: ParameterValue
    unit: str
    source: str
    clause: str
    certainty: str
    until_on: date | None = None
    note: str = ""
    own: bool = False

    @property
    def integer(self) -> int:
        """The value of a whole unit (fen, days, counts). Raises TypeError for any other."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.key} is no whole number")

    @property
    def decimal(self) -> Decimal:
        """The value of a ratio or another number, exact. Raises TypeError for any other."""
        return self.value if isinstance(self.value, Decimal) else Decimal(self.integer)

    @property
    def flag(self) -> bool:
        """The value of a yes/no rule. Raises TypeError for any other."""
        if isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.key} is no flag")

    @property
    def codes(self) -> tuple[str, ...]:
        """The value of a list of codes. Raises TypeError for any other."""
        if self.unit == "codes" and isinstance(self.value, tuple):
            return tuple(str(part) for part in self.value)
        raise TypeError(f"{self.key} is no list of codes")

    @property
    def limits(self) -> tuple[int, ...]:
        """The value of a row of limits (people, wan). Raises TypeError for any other."""
        if self.unit in ("people", "wan") and isinstance(self.value, tuple):
            return tuple(int(part) for part in self.value)
        raise TypeError(f"{self.key} is no row of limits")
