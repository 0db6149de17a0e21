"""The duplicate review of proposed purchases among the institution's own sets and those of others, reckoned a second time."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import ROOT, Plain, nearest

Told = dict[Any, Any]


def purchases(plain: Plain) -> Told:
    """Number -> whether a review is due, the sets of the same kind here (with hours) and elsewhere with their likeness, whether they are used to
    the full, what that speaks for."""
    return {one["number"]: _purchase(plain, one) for one in plain.rows("SELECT * FROM purchase_proposal")}


def _purchase(plain: Plain, asked: Any) -> tuple[Any, ...]:
    day = asked["proposed_on"]
    year = int(day[:4]) - 1
    minutes = {
        row[0]: (row[1], row[2])
        for row in plain.rows("SELECT instrument_id, sum(minutes), sum(minutes * external) FROM posting WHERE ended_on LIKE ? GROUP BY 1", f"{year}-%")
    }
    alike, counted = {}, []
    for one in plain.rows("SELECT * FROM instrument WHERE NOT coalesce(confidential, 0) AND coalesce(retired_on, '9999') > ?", day):
        likeness = _of_kind(plain, asked, one, day)
        if likeness is None:
            continue
        serving = (one["accepted_on"] or "") < f"{year + 1}-01-01" and (one["retired_on"] or "9999") >= f"{year}-01-01"
        there = serving or one["id"] in minutes
        its = minutes.get(one["id"], (0, 0)) if there else (None, None)
        alike[one["asset_number"]] = (*likeness, *its)
        whole_year = (one["accepted_on"] or "") <= f"{year}-01-01" and (one["retired_on"] or "9999") > f"{year}-12-31"
        if there and whole_year:
            counted.append(its[0] or 0)
    mean = Fraction(sum(counted), 60 * len(counted)) if counted else None
    elsewhere = _elsewhere(plain, asked, day)
    full = None if mean is None else mean >= plain.rule("national.same_kind_hours", day)
    state = "none" if not (alike or elsewhere) else "unknown" if full is None else "saturated" if full else "spare"
    n_catalogue = plain.value("SELECT count(*) FROM catalogue_entry")
    advice = "share" if state == "spare" else "ask" if elsewhere else "unknown" if not n_catalogue or state == "unknown" else "buy"
    counts = (sum(counted) if counted else None, len(counted), n_catalogue)
    several = tuple(sorted(alike.items())), tuple(sorted(elsewhere.items()))
    return _due(plain, asked, day), _national(plain, asked, day), state, advice, counts, *several, _needs(plain, asked, day)


def _of_kind(plain: Plain, asked: Any, one: Any, day: str) -> tuple[Fraction, tuple[Any, ...]] | None:
    """How alike a set is, and in what, if it is of the kind."""
    likeness, grades = _likeness(plain, asked, one, day)
    if likeness is None or (likeness < Fraction(plain.rule("review.least_similarity", day)) and grades[1] != 1):
        return None
    # As they are told: to six places.
    return likeness, tuple(None if grade is None else Decimal(nearest(grade * 10**6)) / 10**6 for grade in grades)


def _elsewhere(plain: Plain, asked: Any, day: str) -> dict[str, tuple[Fraction, tuple[Any, ...]]]:
    """Every row of the catalogue that is of the kind and of another institution, each looked at: no sieve before it."""
    own = {row[0] for row in plain.rows("SELECT name FROM institution")}
    ours = {
        row[0] for row in plain.rows(
            "SELECT network_number FROM instrument WHERE NOT coalesce(confidential, 0) AND coalesce(retired_on, '9999') > ?", day
        )
    } - {""}  # fmt: skip
    told = {}
    for row in plain.rows("SELECT * FROM catalogue_entry"):
        one = dict.fromkeys(("class_code", "model", "functions", "service_content", "network_number"), "") | json.loads(row["body"])
        likeness = _of_kind(plain, asked, one, day)
        if likeness is not None and row["institution_name"] not in own and one["network_number"] not in ours:
            told[one["network_number"]] = likeness
    return told


def _due(plain: Plain, asked: Any, day: str) -> str:
    large = asked["price_fen"] >= plain.rule("review.threshold_fen", day)
    paid = asked["provincial_fen"]
    mainly = None if paid is None else Fraction(paid, asked["price_fen"]) > Fraction(plain.rule("review.main_share", day))
    return "not_required" if not large or mainly is False else "unknown" if mainly is None else "required"


def _national(plain: Plain, asked: Any, day: str) -> str:
    large, paid = asked["price_fen"] >= plain.rule("national.review_threshold_fen", day), asked["central_fen"]
    return "not_required" if not large or paid == 0 else "unknown" if paid is None else "required"


def _needs(plain: Plain, asked: Any, day: str) -> str:
    found = plain.rows(
        "SELECT DISTINCT outcome FROM purchase_national n WHERE proposal_id = ?1 AND decided_on = "
        "(SELECT max(decided_on) FROM purchase_national WHERE proposal_id = ?1 AND decided_on >= ?2)", asked["id"], day,
    )  # fmt: skip
    said = [one["outcome"] for one in found]
    if len(said) > 1:
        return "conflict"
    if said:
        return {"agree": "given", "refuse": "refused", "revise": "returned"}[said[0]]
    due = _national(plain, asked, day)
    return "to_ask" if due == "required" else due


def _likeness(plain: Plain, asked: Any, one: Any, day: str) -> tuple[Fraction | None, tuple[Any, ...]]:
    name = _named(asked["name"], one["name"], day)
    grades = {
        "class": _class(plain, asked["class_code"], one["class_code"], day), "name": name, "model": _written(asked["model"], one["model"]),
        "functions": _covered(asked["functions"], f"{one['functions']}\n{one['service_content']}"),
    }  # fmt: skip
    weights = {aspect: Fraction(plain.rule(f"review.weight_{aspect}", day)) for aspect, grade in grades.items() if grade is not None}
    if not weights:
        return None, tuple(grades.values())
    return sum(grades[aspect] * weight for aspect, weight in weights.items()) / sum(weights.values()), tuple(grades.values())


def _class(plain: Plain, wanted: str, other: str, day: str) -> Fraction | None:
    if not wanted or not other:
        return None
    own, its = ([code[:2], code[2:4], code[4:]] for code in (wanted, other))
    # A code that ends in zeros names a group: it is compared as far as it goes.
    own, its = ([part for n, part in enumerate(code) if n == 0 or "00" not in code[1 : n + 1]] for code in (own, its))
    n_same = next((n for n, (left, right) in enumerate(zip(own, its, strict=False)) if left != right), min(len(own), len(its)))
    return Fraction((Decimal(0), plain.rule("review.grade_large", day), plain.rule("review.grade_middle", day), Decimal(1))[n_same])


def _signs(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(max(1, len(text) - 1))} if text else set()


def _written(wanted: str, other: str) -> Fraction | None:
    own, its = _signs(wanted), _signs(other)
    if not own or not its:
        return None
    if own == its or (min(len(own), len(its)) >= 3 and (own in its or its in own)):
        return Fraction(1)
    one, two = _pairs(own), _pairs(its)
    return Fraction(2 * len(one & two), len(one) + len(two))


def _named(wanted: str, other: str, day: str) -> Fraction | None:
    """As written, or as meant where that is more alike and the short forms are not the same ones."""
    told = tomllib.loads((ROOT / "resources" / "similarity" / "short_forms.toml").read_text("utf-8"))
    grade = _written(wanted, other)
    if grade is None or day < told["from"].isoformat():
        return grade
    (own, shorts), (its, others) = _meant(wanted, told), _meant(other, told)
    return grade if shorts == others else max(grade, _written(own, its) or Fraction(0))


def _meant(name: str, told: Any) -> tuple[str, set[str]]:
    """A name with every short form in it written out, and which: the longest first, those of Latin letters as words of their own."""
    for short, long in told["alone"]:
        if _signs(short) == _signs(name):
            return long, {short}
    written, used = "", set()
    rest = unicodedata.normalize("NFKC", name).casefold()
    while rest:
        found = [(n, short, long) for short, long in told["anywhere"] if (n := _taken(written, rest, _signs(short)))]
        n, short, long = max(found, default=(1, "", rest[0]))
        written, rest = written + long, rest[n:]
        used |= {short} - {""}
    return written, used


def _taken(before: str, rest: str, short: str) -> int:
    """How many signs of a text a short form at its beginning takes; 0 where it is not there."""
    n = at = 0
    while at < len(short) and n < len(rest):
        if rest[n] == short[at]:
            at += 1
        elif not at or rest[n].isalnum():
            return 0
        n += 1
    beside = (short[0] + before[-1:], short[-1] + rest[n : n + 1])
    joined = any(len(two) == 2 and two.isascii() and two.isalnum() for two in beside)
    return n if at == len(short) and not joined else 0


def _covered(wanted: str, other: str) -> Fraction | None:
    own, its = _pairs(_signs(wanted)), _pairs(_signs(other))
    return Fraction(len(own & its), len(own)) if own and its else None


