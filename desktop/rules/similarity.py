"""How much two sets are of one kind: by class, name, model and functions, each grade with its reason.

The whole is the mean of the grades by the weights in force. What either side does not state is not compared and leaves the mean: little
written makes sets look more alike, never less, for a duplicate overlooked is worse than one looked at in vain. Nor do short forms of names
(``short_forms``) ever make them less alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from desktop.rules import classes, short_forms
from desktop.rules.exact import shown
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters

ASPECTS = ("class", "name", "model", "functions")
WEIGHTS = {
    "class": "review.weight_class",
    "name": "review.weight_name",
    "model": "review.weight_model",
    "functions": "review.weight_functions",
}
GRADES = {1: "review.grade_large", 2: "review.grade_middle"}
# A text of fewer signs stands in too many others to mean anything by it.
_STANDS_IN = 3
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Described:
    """A set as it is described: six-digit class code, name, model, what it does; "" is not stated."""

    name: str
    class_code: str = ""
    model: str = ""
    functions: str = ""


class Similarity(NamedTuple):
    """``value`` exact, 0 to 1; None when nothing could be compared or a weight is not in force. ``n_compared`` of the four aspects;
    ``named``: the names are the same or one stands in the other.
    """

    value: Fraction | None
    n_compared: int
    figure: Figure
    named: bool = False


def similarity(wanted: Described, other: Described, known: Parameters, day: date) -> Similarity:
    """How alike a set is to the one that is wanted."""
    graded = {
        "class": _class(wanted.class_code, other.class_code, known, day),
        "name": _named(wanted.name, other.name, day),
        "model": _written("model", wanted.model, other.model),
        "functions": _covered(wanted.functions, other.functions),
    }
    weighed, weight, n_compared, certain = Fraction(0), Fraction(0), 0, True
    inputs: list[Figure] = []
    for aspect, (grade, figure) in graded.items():
        share = known.figure(WEIGHTS[aspect], day)
        inputs.append(Figure(f"purchase.aspect.{aspect}", figure.value, "ratio", "collected", inputs=(figure, share)))
        if grade is None:
            certain = certain and figure.code == "purchase.reason.not_stated"
            continue
        if not isinstance(share.value, Decimal):
            certain = False
            continue
        n_compared += 1
        weighed += grade * Fraction(share.value)
        weight += Fraction(share.value)
    value = weighed / weight if certain and weight else None
    params = (("name", other.name or "—"), ("n_compared", str(n_compared)))
    figure = Figure("purchase.similarity", _ratio(value), "ratio", "weighted", inputs=tuple(inputs), params=params)
    return Similarity(value, n_compared, figure, graded["name"][0] == 1)


def _class(wanted: str, other: str, known: Parameters, day: date) -> tuple[Fraction | None, Figure]:
    own, its = _levels(wanted), _levels(other)
    if not own or not its:
        return None, _not_stated("class")
    depth = next((n for n, (one, two) in enumerate(zip(own, its, strict=False)) if one != two), min(len(own), len(its)))
    params = (("wanted", own[-1]), ("other", its[-1]))
    if depth in GRADES:
        rule = known.figure(GRADES[depth], day)
        grade = Fraction(rule.value) if isinstance(rule.value, Decimal) else None
        code = "purchase.reason.class_large" if depth == 1 else "purchase.reason.class_middle"
        return grade, Figure(code, _ratio(grade), "ratio", "choice", inputs=(rule,), params=params)
    code = "purchase.reason.class_same" if depth else "purchase.reason.class_other"
    return Fraction(bool(depth)), Figure(code, Decimal(bool(depth)), "ratio", "comparison", params=params)


def _levels(code: str) -> tuple[str, ...]:
    """``010102`` -> its large class, its middle one and itself, as far as the code goes: ``010100`` names two, ``010000`` one."""
    plain = classes.normalise(code)
    if len(plain) != 6 or not (plain.isascii() and plain.isdigit()):
        return ()
    told = [classes.large_of(plain)]
    if plain[2:4] != "00":
        told.append(f"{plain[:4]}00")
        if plain[4:] != "00":
            told.append(plain)
    return tuple(told)


def _written(aspect: str, wanted: str, other: str) -> tuple[Fraction | None, Figure]:
    """Alike in writing: 1 when one stands in the other, else the pairs of signs they share, twice, against all they have (Dice 1945)."""
    own, its = letters(wanted), letters(other)
    if not own or not its:
        return None, _not_stated(aspect)
    params = (("wanted", wanted.strip()), ("other", other.strip()))
    short, long = sorted((own, its), key=len)
    if own == its or (len(short) >= _STANDS_IN and short in long):
        code = "purchase.reason.same" if own == its else "purchase.reason.stands_in"
        return Fraction(1), Figure(code, Decimal(1), "ratio", "comparison", params=params)
    one, two = pairs(own), pairs(its)
    common = [pair for pair in one if pair in two]
    grade = Fraction(2 * len(common), len(one) + len(two))
    code = "purchase.reason.pairs" if common else "purchase.reason.no_pairs"
    more = (("common", _listed(common)), ("n", str(len(common))), ("n_wanted", str(len(one))), ("n_other", str(len(two))))
    return grade, Figure(code, _ratio(grade), "ratio", "quotient", params=(*params, *(more if common else ())))


def _named(wanted: str, other: str, day: date) -> tuple[Fraction | None, Figure]:
    """Names as they are written, or with their short forms read as what they are short for where that makes them more alike.

    Names with the same short forms are compared as they stand: 扫描电镜 and 透射电镜 would only have more signs in common written out.
    """
    grade, figure = _written("name", wanted, other)
    if grade is None or grade == 1:
        return grade, figure
    own, its = short_forms.read(wanted, day), short_forms.read(other, day)
    if set(own.read) == set(its.read):
        return grade, figure
    meant, why = _written("name", own.text, its.text)
    if meant is None or meant <= grade:
        return grade, figure
    read = short_forms.told(dict.fromkeys((*own.read, *its.read)))
    shown = {**dict(why.params), "wanted": wanted.strip(), "other": other.strip(), "read": read}
    return meant, replace(why, code=f"{why.code}_read", params=tuple(shown.items()))


def _covered(wanted: str, other: str) -> tuple[Fraction | None, Figure]:
    """How much of what is wanted the other one says it does: pairs of signs of the wanted that its text has, against all of them."""
    own, its = pairs(letters(wanted)), frozenset(pairs(letters(other)))
    if not own or not its:
        return None, _not_stated("functions")
    common = [pair for pair in own if pair in its]
    grade = Fraction(len(common), len(own))
    params = (("n", str(len(common))), ("n_wanted", str(len(own))), ("common", _listed(common)))
    return grade, Figure("purchase.reason.covered", _ratio(grade), "ratio", "quotient", params=params)


def letters(text: str) -> str:
    """A text as it is compared: letters, digits and Chinese signs alone; case and width make no difference."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def pairs(text: str) -> tuple[str, ...]:
    """Each two signs that stand side by side, once; a single sign is its own."""
    return tuple(dict.fromkeys(text[at : at + 2] for at in range(max(1, len(text) - 1)))) if text else ()


def _listed(common: list[str]) -> str:
    return " ".join(common[:_SHOWN]) + (" …" if len(common) > _SHOWN else "") if common else "—"


def _not_stated(aspect: str) -> Figure:
    return Figure("purchase.reason.not_stated", None, "ratio", "fact", params=(("aspect", f"purchase.aspect.{aspect}"),))


def _ratio(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(shown(value))
