"""What the shapes of the national exchange have in common: code lists, limits of length, 无, 万元 with two decimals, and how a fault is told.

Built from public descriptions: the specification itself (科研设施与仪器国家网络管理平台管理单位数据报送规范) was not published.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from desktop import resource
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.money import half_up, plain

NOTHING = "无"
"""What stands where a text that must be given is not there."""
_SEVERAL = re.compile(r"[、，,;；/]+")
_HUNDREDTH_WAN = 10_000  # fen in 0.01 万元


@dataclass(frozen=True, slots=True)
class Tables:
    """Long code tables that a user has imported; None: not imported, so what they would say stays unchecked.

    ``subjects`` is code -> name of the first-level disciplines, ``nations`` the names of countries, ``classes`` the fine class codes.
    """

    subjects: Mapping[str, str] | None = None
    nations: frozenset[str] | None = None
    classes: frozenset[str] | None = None


NO_TABLES = Tables()


@cache
def _lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with resource.path("codes", "national.toml").open("rb") as stream:
        return MappingProxyType(tomllib.load(stream))


def words(name: str) -> tuple[str, ...]:
    """The words of a code list, in its order: for a list with codes the first word of each."""
    found = _lists()[name]
    return tuple(found["words"]) if "words" in found else tuple(said[0] for said in found.values())


def code(name: str, text: str) -> str:
    """The code of a word (or of a code itself) in a list with codes; "" when it is not in it."""
    return next((number for number, said in _lists()[name].items() if text == number or text in said), "")


def several(text: str) -> tuple[str, ...]:
    """The parts of a cell that may hold several words, each once, in their order."""
    return tuple(dict.fromkeys(part for piece in _SEVERAL.split(text) if (part := piece.strip())))


def hundredths(fen: int) -> int:
    """An amount as 万元 with two decimals holds it, in fen: rounded half up to 100 yuan."""
    return half_up(Decimal(fen) / _HUNDREDTH_WAN) * _HUNDREDTH_WAN


def wan(fen: int) -> str:
    """Fen as 万元 with two decimals, rounded half up once: ``118628000`` -> ``118.63``. For files that machines read."""
    return plain(hundredths(fen) // _HUNDREDTH_WAN)


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: the exchange has service amounts in yuan."""
    return plain(fen)


@dataclass(slots=True)
class Teller:
    """Gathers what is wrong with one row: ``kind`` and ``key`` name the fact behind it, ``number`` is what people know it by."""

    kind: str
    key: str
    number: str
    findings: list[Finding] = field(default_factory=list)

    def tell(self, at: str, fault: str, severity: Severity = "error", **params: object) -> None:
        """Add a finding about one field. ``column`` in its words is what the field is called."""
        named = {"number": self.number, "column": f"{self.kind}_field.{at}", **params}
        said = tuple((name, str(value)) for name, value in named.items())
        self.findings.append(Finding(fault, severity, said, kind=self.kind, key=self.key, field=at))

    def text(self, at: str, value: str, limit: int, *, blank: Severity | None = "note") -> str:
        """A text as the exchange takes it. Blank: 无, told as a note; ``blank="error"``: nothing can stand for it; None: it may be blank.

        Nothing is cut: a text that is too long is an error of its own.
        """
        plain_text = value.strip()
        if not plain_text and blank is not None:
            self.tell(at, "national.blank" if blank == "error" else "national.sent_as_nothing", blank)
            return "" if blank == "error" else NOTHING
        if len(plain_text) > limit:
            self.tell(at, "national.too_long", n=len(plain_text), limit=limit)
        return plain_text

    def word(self, at: str, value: str, listed: str) -> str:
        """A word of a code list; blank and anything else are errors."""
        plain_text = value.strip()
        if not plain_text:
            self.tell(at, "national.blank")
        elif plain_text not in words(listed):
            self.tell(at, "national.not_in_list", shown=plain_text, known="、".join(words(listed)))
        return plain_text

    @property
    def sound(self) -> bool:
        """Whether nothing told keeps the row from being written."""
        return not any(one.severity == "error" for one in self.findings)
