"""The terms of an allocation scheme as JSON text and back, without loss: rates are text, amounts are integer fen, keys sorted.

The same terms always give the same text. Reading is strict: whatever is missing, unknown or wrongly typed raises ValueError.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from desktop.ledger.allocation import BASES, CAPS_OF, RECEIVERS, SHARES_OF, WEIGHT_BASES, Scheme, Share, WrittenScheme

_TERMS = {"basis", "include_internal", "shares", "weigh", "use_coefficient", "remainder_to", "evaluations", "internal_from"}
_FACTS = "evaluation_facts"
_SHARE = {"receiver", "name", "of", "rate", "cap_fen", "cap_rate", "cap_of"}
_T = TypeVar("_T")
_C = TypeVar("_C", bound=str)


def write(scheme: Scheme) -> WrittenScheme:
    """The scheme as the ledger keeps it."""
    terms: dict[str, object] = {
        "basis": scheme.basis,
        "include_internal": scheme.include_internal,
        "shares": [_written_share(share) for share in scheme.shares],
        "weigh": scheme.weigh,
        "use_coefficient": scheme.use_coefficient,
        "remainder_to": scheme.remainder_to,
        "evaluations": [[staff_number, str(factor)] for staff_number, factor in scheme.evaluations],
        "internal_from": None if scheme.internal_from is None else scheme.internal_from.isoformat(),
    }
    if scheme.evaluation_facts:  # written only where it holds: the text of every other scheme stays as it was
        terms[_FACTS] = True
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return WrittenScheme(scheme.id, scheme.name, scheme.from_on, scheme.document, text)


def read(written: WrittenScheme) -> Scheme:
    """The scheme that ``write`` wrote. Raises ValueError for any other text."""
    said = json.loads(written.terms)
    facts = isinstance(said, dict) and _FACTS in said
    terms = _object(said, _TERMS | {_FACTS} if facts else _TERMS)
    if facts and terms[_FACTS] is not True:
        raise ValueError(f"not written so: {_FACTS} {terms[_FACTS]!r}")
    return Scheme(
        id=written.id,
        name=written.name,
        from_on=written.from_on,
        document=written.document,
        basis=_choice(terms["basis"], BASES),
        include_internal=_typed(terms["include_internal"], bool),
        shares=tuple(_share(entry) for entry in _list(terms["shares"])),
        weigh=_choice(terms["weigh"], WEIGHT_BASES),
        use_coefficient=_typed(terms["use_coefficient"], bool),
        remainder_to=_typed(terms["remainder_to"], str),
        evaluations=tuple(_evaluation(entry) for entry in _list(terms["evaluations"])),
        internal_from=None if terms["internal_from"] is None else date.fromisoformat(_typed(terms["internal_from"], str)),
        evaluation_facts=facts,
    )


def _written_share(share: Share) -> dict[str, object]:
    return {
        "receiver": share.receiver,
        "name": share.name,
        "of": share.of,
        "rate": str(share.rate),
        "cap_fen": share.cap_fen,
        "cap_rate": None if share.cap_rate is None else str(share.cap_rate),
        "cap_of": share.cap_of,
    }


def _share(entry: object) -> Share:
    table = _object(entry, _SHARE)
    return Share(
        receiver=_choice(table["receiver"], RECEIVERS),
        name=_typed(table["name"], str),
        of=_choice(table["of"], SHARES_OF),
        rate=_decimal(table["rate"]),
        cap_fen=None if table["cap_fen"] is None else _typed(table["cap_fen"], int),
        cap_rate=None if table["cap_rate"] is None else _decimal(table["cap_rate"]),
        cap_of=_choice(table["cap_of"], CAPS_OF),
    )


def _evaluation(entry: object) -> tuple[str, Decimal]:
    pair = _list(entry)
    if len(pair) != 2:
        raise ValueError(f"not a staff number and a factor: {entry!r}")
    return _typed(pair[0], str), _decimal(pair[1])


def _object(value: object, names: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) != names:
        raise ValueError(f"not an entry with {sorted(names)}: {value!r}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"not a list: {value!r}")
    return value


def _typed(value: object, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise ValueError(f"not {kind.__name__}: {value!r}")
    return value


def _choice(value: object, known: Sequence[_C]) -> _C:
    for name in known:
        if value == name:
            return name
    raise ValueError(f"{value!r} is none of {list(known)}")


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(_typed(value, str))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number
