"""Allocation schemes: whether one can be used, and the examples offered to a user who has none yet.

The examples (``resources/schemes``) are shapes seen at other institutions, not rules: the user adopts one with a document number.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from desktop import resource
from desktop.ledger.allocation import TECHNICIANS, Scheme, WrittenScheme
from desktop.ledger.allocation_json import read
from desktop.ledger.finding import Finding

PLACES = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A scheme to start from; ``scheme.id``, ``document`` and ``remainder_to`` are empty until it is adopted.

    ``key`` is the file's name; its title and story are the words ``payout.example.<key>`` and ``payout.example_note.<key>``.
    ``source`` says where the shape was seen, ``kinds`` for which institutions it is meant.
    """

    key: str
    scheme: Scheme
    source: str
    certainty: str
    kinds: tuple[str, ...]


def faults(scheme: Scheme) -> tuple[Finding, ...]:
    """Why a scheme cannot be used; empty when it can."""
    told = []
    if not scheme.name.strip():
        told.append(_about(scheme, "payout.scheme_no_name"))
    if not scheme.remainder_to.strip():
        told.append(_about(scheme, "payout.scheme_no_remainder"))
    if scheme.internal_from is not None and not scheme.include_internal:
        told.append(_about(scheme, "payout.scheme_internal_from", day=scheme.internal_from))
    n = sum(share.receiver == TECHNICIANS for share in scheme.shares)
    if n != 1:
        told.append(_about(scheme, "payout.scheme_technicians", n=n))
    for name, times in Counter(share.name.strip() for share in scheme.shares).items():
        if not name or times > 1:
            told.append(_about(scheme, "payout.scheme_share_name", share=name))
    for share in scheme.shares:
        rates = [share.rate] if share.cap_rate is None else [share.rate, share.cap_rate]
        for rate in rates:
            if not 0 <= rate <= 1 or rate != round(rate, PLACES):
                told.append(_about(scheme, "payout.scheme_rate", share=share.name, rate=rate))
        if share.cap_fen is not None and share.cap_fen < 0:
            told.append(_about(scheme, "payout.scheme_cap", share=share.name))
    for staff_number, times in Counter(number for number, _ in scheme.evaluations).items():
        if times > 1:
            told.append(_about(scheme, "payout.scheme_evaluation_twice", staff_number=staff_number))
    if scheme.evaluations and scheme.evaluation_facts:
        told.append(_about(scheme, "payout.scheme_evaluation_both"))
    for staff_number, factor in scheme.evaluations:
        if factor < 0:
            told.append(_about(scheme, "payout.negative_factor", staff_number=staff_number, factor=factor))
    return tuple(told)


@cache
def examples() -> tuple[Example, ...]:
    """The packaged examples, by key. Raises ValueError when a file is not one (a fault of the package)."""
    return tuple(_example(file) for file in sorted(resource.path("schemes").glob("*.toml")))


def adopt(example: Example, *, key: str, name: str, from_on: date, document: str, remainder_to: str) -> Scheme:
    """A scheme of the institution made from an example: key, name, first day, document number, staff number for the remainder."""
    return replace(example.scheme, id=key, name=name, from_on=from_on, document=document, remainder_to=remainder_to)


def _example(file: Path) -> Example:
    with file.open("rb") as stream:
        table = tomllib.load(stream, parse_float=Decimal)
    shares = [
        {
            "receiver": share["receiver"],
            "name": share["name"],
            "of": share["of"],
            "rate": str(share["rate"]),
            "cap_fen": share.get("cap_fen"),
            "cap_rate": None if "cap_rate" not in share else str(share["cap_rate"]),
            "cap_of": share.get("cap_of", "net"),
        }
        for share in table["share"]
    ]
    terms = {name: table[name] for name in ("basis", "include_internal", "weigh", "use_coefficient")}
    terms |= {"shares": shares, "remainder_to": "", "evaluations": [], "internal_from": None}
    scheme = read(WrittenScheme("", table["name"], table["from"], "", json.dumps(terms)))
    return Example(file.stem, scheme, table["source"], table["certainty"], tuple(table["kinds"]))


def _about(scheme: Scheme, code: str, **params: object) -> Finding:
    told = (("scheme", scheme.name), *((name, str(value)) for name, value in params.items()))
    return Finding(code, params=told, kind="scheme", key=scheme.id)
