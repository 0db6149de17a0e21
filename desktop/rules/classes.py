"""Class codes of instruments (仪器分类编码): six digits, the first two naming one of fifteen large classes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Container, Mapping
from functools import cache
from types import MappingProxyType

from desktop import resource
from desktop.ledger.finding import Finding, finding

_SIX = re.compile(r"[0-9]{6}")


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str]]:
    with resource.path("codes", "instrument-classes.toml").open("rb") as stream:
        content = tomllib.load(stream)
    return MappingProxyType(content["large"]), MappingProxyType(content["fine"])


def large() -> Mapping[str, str]:
    """The fifteen large classes, code to Chinese name."""
    return _tables()[0]


def fine() -> Mapping[str, str]:
    """The few fine classes the program knows without an imported table, code to Chinese name."""
    return _tables()[1]


def large_of(code: str) -> str:
    """The large class a code belongs to: ``010102`` -> ``010000``."""
    return code[:2] + "0000"


def normalise(code: str) -> str:
    """A code as it is stored: full-width digits made half-width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def check(code: str, known: Container[str] | None = None) -> tuple[Finding, ...]:
    """What is wrong with a class code. ``known``: fine classes of an imported table, else the packaged few.

    Errors: not six digits, no such large class. A fine class that is not in the table is only a note (细类未核对).
    """
    plain = normalise(code)
    if not _SIX.fullmatch(plain):
        return (finding("class.not_six_digits", given=code),)
    if large_of(plain) not in large():
        return (finding("class.unknown_large", given=plain),)
    if plain not in large() and plain not in (fine() if known is None else known):
        return (finding("class.fine_unchecked", "note", given=plain),)
    return ()
