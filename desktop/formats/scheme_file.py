"""An allocation scheme as a small file, TOML or JSON, in one shape: read strictly, every fault told by its place.

    name = "校方案"            from = 2026-01-01        document = "校发〔2026〕1号"
    basis = "received"         include_internal = true  weigh = "minutes"    use_coefficient = true
    remainder_to = "T001"
    [[share]]
    receiver = "technicians"   name = "实验技术人员"    of = "rest"          rate = 0.50
    cap_yuan = 50000.00        cap_rate = 0.8           cap_of = "net"
    [evaluations]
    T001 = 1.2

Rates are ``0.15`` or ``"15%"``; the three caps and the evaluations may be left out. ``evaluation_facts = true`` takes the factors of the
evaluations in force on a payout's last day in their place. In JSON days are text.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from desktop.ledger import money
from desktop.ledger.allocation import BASES, CAPS_OF, RECEIVERS, SHARES_OF, WEIGHT_BASES, Scheme, Share
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Problem

SUFFIXES = (".toml", ".json")
_SCHEME = (
    "name", "from", "document", "basis", "include_internal", "weigh", "use_coefficient", "remainder_to", "share", "evaluations",
    "internal_from", "evaluation_facts",
)  # fmt: skip
_SHARE = ("receiver", "name", "of", "rate", "cap_yuan", "cap_rate", "cap_of")
# What a packaged example says of itself; a copy of one may keep it.
_STORY = ("source", "certainty", "kinds")
_T = TypeVar("_T")
_MOST = 1_000_000
_ABSURD_YUAN = 10**12


def read(path: Path, given: Mapping[str, object] | None = None) -> tuple[Scheme | None, tuple[Finding, ...]]:
    """The scheme of a file, ``id`` empty; None with findings when something is missing or wrong.

    ``given`` (name, from, document, basis, remainder_to) stands in place of what the file says. Whether the scheme makes sense is
    ``rules.schemes.faults``. Raises Problem for a file that is no TOML or JSON text; OSError.
    """
    table = _load(path)
    reader = _Reader()
    for name, value in (given or {}).items():
        table[name] = value
    scheme = reader.scheme(table)
    return (None if reader.findings else scheme), tuple(reader.findings)


def _load(path: Path) -> dict[str, Any]:
    if path.suffix.lower() not in SUFFIXES:
        raise Problem("scheme_file.ending", name=path.name)
    if path.stat().st_size > _MOST:
        raise Problem("scheme_file.large", name=path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("scheme_file.not_text", name=path.name) from error
    try:
        if path.suffix.lower() == ".toml":
            table: object = tomllib.loads(text, parse_float=_decimal)
        else:
            table = json.loads(text, parse_float=_decimal, object_pairs_hook=_once)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise Problem("scheme_file.syntax", name=path.name, line=found[1] if found else "?") from error
    except json.JSONDecodeError as error:
        raise Problem("scheme_file.syntax", name=path.name, line=error.lineno) from error
    except _TwiceError as error:
        raise Problem("scheme_file.twice", name=path.name, place=error) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets without end
        raise Problem("scheme_file.syntax", name=path.name, line="?") from error
    if not isinstance(table, dict):
        raise Problem("scheme_file.not_a_scheme", name=path.name)
    return table


class _TwiceError(ValueError):
    """A name stands twice in one JSON object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _decimal(text: str) -> Decimal:
    return Decimal(text)


class _Reader:
    """Collects what is wrong; a value that is wrong is None, and then no scheme comes of it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def scheme(self, table: dict[str, Any]) -> Scheme | None:
        self._names(table, (*_SCHEME, *_STORY), "")
        name, document = self._text(table, "name"), self._text(table, "document")
        remainder_to, from_on = self._text(table, "remainder_to"), self._take(table, "from", _day, "day")
        basis, weigh = self._choice(table, "basis", BASES), self._choice(table, "weigh", WEIGHT_BASES)
        include_internal, use_coefficient = (
            self._take(table, flag, _flag, "yes_no") for flag in ("include_internal", "use_coefficient")
        )
        shares = self._shares(table)
        evaluations = self._evaluations(table.get("evaluations", {}))
        internal_from = self._take(table, "internal_from", _day, "day") if table.get("internal_from") is not None else None
        facts = self._take(table, "evaluation_facts", _flag, "yes_no") if "evaluation_facts" in table else False
        if self.findings or None in (name, document, remainder_to, from_on, basis, weigh, include_internal, use_coefficient):
            return None
        return Scheme(
            "", str(name), from_on or date.min, str(document), basis or BASES[0], bool(include_internal), tuple(shares),
            weigh or WEIGHT_BASES[0], bool(use_coefficient), str(remainder_to), tuple(evaluations), internal_from, bool(facts),
        )  # fmt: skip

    def _shares(self, table: dict[str, Any]) -> list[Share]:
        entries = self._take(table, "share", _list, "list")
        made = []
        for n, entry in enumerate(entries or [], 1):
            place = f"share[{n}]"
            if not isinstance(entry, dict):
                self._tell("scheme_file.kind", place, wanted="scheme_file.wanted.table")
                continue
            self._names(entry, _SHARE, f"{place}.")
            receiver = self._choice(entry, "receiver", RECEIVERS, f"{place}.")
            name, of = self._text(entry, "name", f"{place}."), self._choice(entry, "of", SHARES_OF, f"{place}.")
            rate = self._take(entry, "rate", _rate, "rate", f"{place}.")
            cap_yuan = self._maybe(entry, "cap_yuan", _fen, "yuan", f"{place}.")
            cap_rate = self._maybe(entry, "cap_rate", _rate, "rate", f"{place}.")
            cap_of = self._choice(entry, "cap_of", CAPS_OF, f"{place}.") if "cap_of" in entry else CAPS_OF[1]
            if receiver and name is not None and of and rate is not None and cap_of:
                made.append(Share(receiver, name, of, rate, cap_yuan, cap_rate, cap_of))
        return made

    def _evaluations(self, value: object) -> list[tuple[str, Decimal]]:
        if not isinstance(value, dict):
            self._tell("scheme_file.kind", "evaluations", wanted="scheme_file.wanted.table")
            return []
        found = []
        for staff_number, factor in value.items():
            read = _number(factor)
            if read is None:
                self._tell("scheme_file.kind", f"evaluations.{staff_number}", wanted="scheme_file.wanted.number")
            else:
                found.append((staff_number, read))
        return found

    def _names(self, table: dict[str, Any], known: Sequence[str], place: str) -> None:
        for name in table:
            if name not in known:
                self._tell("scheme_file.unknown", f"{place}{name}", known=", ".join(n for n in known if n not in _STORY))

    def _take(self, table: dict[str, Any], name: str, reading: Callable[[Any], _T | None], wanted: str, place: str = "") -> _T | None:
        if name not in table:
            self._tell("scheme_file.missing", f"{place}{name}")
            return None
        read = reading(table[name])
        if read is None:
            self._tell("scheme_file.kind", f"{place}{name}", wanted=f"scheme_file.wanted.{wanted}")
        return read

    def _maybe(self, table: dict[str, Any], name: str, reading: Callable[[Any], _T | None], wanted: str, place: str) -> _T | None:
        return self._take(table, name, reading, wanted, place) if table.get(name) is not None else None

    def _text(self, table: dict[str, Any], name: str, place: str = "") -> str | None:
        if table.get(name) == "":  # as a copied example has it: still to be filled in
            self._tell("scheme_file.missing", f"{place}{name}")
            return None
        return self._take(table, name, lambda value: value.strip() if isinstance(value, str) else None, "text", place)

    def _choice(self, table: dict[str, Any], name: str, known: Sequence[_T], place: str = "") -> _T | None:
        if name not in table:
            self._tell("scheme_file.missing", f"{place}{name}")
            return None
        for code in known:
            if table[name] == code:
                return code
        self._tell("scheme_file.choice", f"{place}{name}", text=table[name], choices=", ".join(map(str, known)))
        return None

    def _tell(self, code: str, place: str, **params: object) -> None:
        told = (("place", place), *((name, str(value)) for name, value in params.items()))
        self.findings.append(Finding(code, params=told, field=place))


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None


def _number(value: Any) -> Decimal | None:
    """A finite number as number or text; what a person writes, never a float."""
    if isinstance(value, str):
        try:
            return money.number(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    read = Decimal(value)
    return read if read.is_finite() else None


def _rate(value: Any) -> Decimal | None:
    if isinstance(value, str) and value.strip().endswith(("%", "％")):
        read = _number(value.strip()[:-1])
        return None if read is None else read / 100
    return _number(value)


def _fen(value: Any) -> int | None:
    read = _number(value)
    try:
        return None if read is None or abs(read) > _ABSURD_YUAN else money.from_yuan(read)
    except ValueError:
        return None


def write(scheme: Scheme, path: Path) -> None:
    """Write a scheme in the shape ``read`` takes; the file appears whole or not at all. Raises Problem for another ending, OSError."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Problem("scheme_file.ending", name=path.name)
    text = _toml(_plain(scheme)) if suffix == ".toml" else json.dumps(_plain(scheme), ensure_ascii=False, indent=1) + "\n"
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, "utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _plain(scheme: Scheme) -> dict[str, Any]:
    shares = []
    for share in scheme.shares:
        entry: dict[str, Any] = {"receiver": share.receiver, "name": share.name, "of": share.of, "rate": f"{share.rate:f}"}
        if share.cap_fen is not None:
            entry["cap_yuan"] = money.plain(share.cap_fen)
        if share.cap_rate is not None:
            entry["cap_rate"] = f"{share.cap_rate:f}"
        if share.cap_of != CAPS_OF[1]:
            entry["cap_of"] = share.cap_of
        shares.append(entry)
    table: dict[str, Any] = {
        "name": scheme.name, "from": scheme.from_on.isoformat(), "document": scheme.document, "basis": scheme.basis,
        "include_internal": scheme.include_internal, "weigh": scheme.weigh, "use_coefficient": scheme.use_coefficient,
        "remainder_to": scheme.remainder_to, "share": shares,
    }  # fmt: skip
    if scheme.internal_from is not None:
        table["internal_from"] = scheme.internal_from.isoformat()
    if scheme.evaluation_facts:
        table["evaluation_facts"] = True
    if scheme.evaluations:
        table["evaluations"] = {staff_number: f"{factor:f}" for staff_number, factor in scheme.evaluations}
    return table


def _toml(table: dict[str, Any]) -> str:
    lines = [f"{name} = {_value(name, value)}" for name, value in table.items() if not isinstance(value, list | dict)]
    for share in table["share"]:
        lines += ["", "[[share]]", *(f"{name} = {_value(name, value)}" for name, value in share.items())]
    if "evaluations" in table:
        lines += ["", "[evaluations]"]
        lines += [f"{_quoted(number)} = {factor}" for number, factor in table["evaluations"].items()]
    return "\n".join(lines) + "\n"


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    # Days and numbers stand bare in TOML.
    if name in ("from", "internal_from") or name in ("rate", "cap_rate", "cap_yuan"):
        return str(value)
    return _quoted(value)


def _quoted(value: object) -> str:
    # A basic string of TOML escapes as JSON does, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
