"""Column names as people write them: compared without spaces, line ends, width, case, stars, units and remarks in brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from desktop.formats.fields import Field
from desktop.formats.spreadsheet import Value
from desktop.ledger.problem import Problem

_SPACE = re.compile(r"[\s*＊:：]+")
_BRACKET = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_UNIT = re.compile(r"(亿元|万元|千元|元)(?:/[^()]*)?[)\]】]?$|[(\[【/,;](亿元|万元|千元|元)")
_FOREIGN = re.compile(r"[美欧日港英澳加][元镑]|欧元|英镑|[美日港外][金币]|usd|eur|jpy|gbp|hkd|[$€£]")
_TAIL_UNIT = re.compile(r"[/_-]?(亿元|万元|千元|元)$")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's header: as it stands, the forms it is compared by, the unit of its amounts; ``foreign``: not in yuan."""

    shown: str
    full: str
    bare: str
    unit: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Which column (0-based) holds which field, and what could not be decided."""

    columns: dict[str, int]
    ambiguous: dict[str, tuple[int, ...]]

    def without(self, names: Collection[str]) -> Match:
        """The match without these fields: nobody asks for them."""
        if not names:
            return self
        keep = {name: at for name, at in self.columns.items() if name not in names}
        return Match(keep, {name: at for name, at in self.ambiguous.items() if name not in names})


def normal(text: str) -> str:
    """The whole header without differences that mean nothing."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def heading(value: Value) -> Heading:
    """The forms of a header cell; a cell that is no text heads nothing."""
    if not isinstance(value, str):
        return Heading("", "", "", "")
    full = normal("".join(c for c in value if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf")))
    bare = _BRACKET.sub("", full)
    unit = _UNIT.search(full)
    tail = _TAIL_UNIT.search(bare)
    if tail and tail.start():
        bare = bare[: tail.start()]
    return Heading(" ".join(value.split()), full, bare, (unit[1] or unit[2]) if unit else "", bool(_FOREIGN.search(full)))


class Names:
    """The names of a file's fields, ready to be looked up."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = tuple(fields)
        self._rank: dict[str, tuple[str, int]] = {}
        self._single = frozenset(field.name for field in fields if field.single)
        for field in fields:
            self._rank.setdefault(normal(field.header), (field.name, 0))
        for field in fields:
            for other in field.others:
                self._rank.setdefault(normal(other), (field.name, 1))

    def field(self, asked: str) -> Field:
        """The field a person names. Raises Problem ``import.map_name``."""
        name = self._rank.get(normal(asked), (asked, 0))[0]
        for field in self.fields:
            if field.name == name:
                return field
        raise Problem("import.map_name", asked=asked, known="、".join(field.header for field in self.fields))

    def match(self, headings: Sequence[Heading], chosen: Mapping[str, int] | None = None) -> Match:
        """Match columns to fields: the exact header before other names, the whole header before the one without brackets.

        Of a ``single`` field no name goes before another: what the second column says must not be lost.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        taken = set((chosen or {}).values())
        for index, head in enumerate(headings):
            if index in taken or not head.full:
                continue
            for penalty, form in ((0, head.full), (2, head.bare)):
                known = self._rank.get(form)
                if known:
                    found.setdefault(known[0], []).append((known[1] + penalty, index))
                    break
        columns = dict(chosen or {})
        ambiguous = {}
        for name, candidates in found.items():
            if name in columns:
                continue
            best = min(rank for rank, _ in candidates)
            winners = [index for rank, index in candidates if rank == best or name in self._single]
            if len(winners) == 1:
                columns[name] = winners[0]
            else:
                ambiguous[name] = tuple(winners)
        return Match(columns, ambiguous)


def letters(index: int) -> str:
    """0 -> A, 26 -> AA: how a spreadsheet names a column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def position(asked: str, headings: Sequence[Heading]) -> int | None:
    """The column a person names by its header or its letters; None when there is none, or when two columns have that header."""
    form = normal(asked)
    hits = [index for index, head in enumerate(headings) if head.full == form]
    hits = hits or [index for index, head in enumerate(headings) if head.bare == form and form]
    if len(hits) == 1:
        return hits[0]
    if not hits and re.fullmatch(r"[A-Za-z]{1,3}", asked.strip()):
        number = 0
        for letter in asked.strip().upper():
            number = number * 26 + ord(letter) - 64
        return number - 1 if number <= len(headings) else None
    return None
