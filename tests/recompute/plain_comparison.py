"""Two periods of payouts, reckoned a second time from the lines and shares of the runs: who got how much more, and why, to the fen.

A part by weight is D × w ÷ W. Which of it comes of what is asked of each set of reasons at a time (coalitions), not of one order after the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any

from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_REASONS = ("pool", "base", "coefficient", "evaluation", "others", "share", "presence", "remainder", "taken_back", "reversed", "rest")


@dataclass
class _Part:
    """What somebody got of one run; ``factors`` are the base, the coefficient and the evaluation."""

    staff: str
    kind: str | None
    factors: tuple[Fraction, Fraction, Fraction]
    quotient: int = 0
    remainder: int = 0
    back: int = 0
    reversed: int = 0

    @property
    def weight(self) -> Fraction:
        return self.factors[0] * self.factors[1] * self.factors[2]

    @property
    def fen(self) -> int:
        return self.quotient + self.remainder + self.back + self.reversed


def comparison(plain: Plain, before: tuple[str, str], after: tuple[str, str], dated: str) -> Told:
    """Everybody, each department, the whole and the rows of the schemes of two spans (first day, first day after)."""
    chosen = [_runs(plain, *span, dated) for span in (before, after)]
    parts = [[part for run in runs for part in parts_of(plain, run)] for runs in chosen]
    wholes = [(Fraction(sum(part.quotient for part in each)), sum((part.weight for part in each), Fraction(0))) for each in parts]
    kinds = {part.kind for each in parts for part in each if part.kind}
    people = {one["staff_number"]: one["department"] for one in plain.rows("SELECT * FROM technician")}
    told: Told = {"weighed": len(kinds) == 1}
    reasons: dict[str, dict[str, int]] = {}
    groups: dict[str, list[str]] = defaultdict(list)
    for number in sorted({part.staff for each in parts for part in each}):
        sides = [[part for part in each if part.staff == number] for each in parts]
        reasons[number] = _reasons(sides, wholes, len(kinds) == 1)
        told[f"person {number}"] = _side_by_side(sides, reasons[number])
        groups[people[number]].append(number)
    for name, numbers in (*groups.items(), (None, list(reasons))):
        together = {code: sum(reasons[number].get(code, 0) for number in numbers) for code in _REASONS}
        sides = [[part for part in each if part.staff in set(numbers)] for each in parts]
        told["whole" if name is None else f"department {name}"] = _side_by_side(sides, together)
    given = [_given(plain, runs) for runs in chosen]
    for key in given[0].keys() | given[1].keys():
        told[f"row {' '.join(key)}"] = (given[0].get(key), given[1].get(key))
    return told


def _side_by_side(sides: list[list[_Part]], reasons: dict[str, int]) -> tuple[Any, ...]:
    sums = tuple(sum(part.fen for part in side) if side else None for side in sides)
    standing = "new" if not sides[0] else "gone" if not sides[1] else "both"
    return (*sums, standing, tuple((code, reasons[code]) for code in _REASONS if reasons.get(code)))


def _runs(plain: Plain, start: str, end: str, dated: str) -> list[Any]:
    """Runs in force of a span, without those reversed within it and what reversed them."""
    inside = []
    for run in plain.rows("SELECT * FROM payout_run WHERE state IN ('approved', 'closed', 'reversed') ORDER BY to_on, number"):
        day = run["to_on"]
        if dated == "approved":
            day = (datetime.fromisoformat(run["approved_at"]) + timedelta(hours=8)).date().isoformat()
        if start <= day < end:
            inside.append(run)
    keys = {run["id"] for run in inside}
    turned = {run["reverses"] for run in inside if run["reverses"] in keys}
    return [run for run in inside if run["id"] not in turned and run["reverses"] not in turned]


def terms_of(plain: Plain, run: Any) -> tuple[str, dict[str, Any]]:
    """The name and the terms of the scheme a run followed."""
    (one,) = plain.rows("SELECT name, terms FROM scheme WHERE id = ?", run["scheme_id"])
    return one["name"], json.loads(one["terms"])


def parts_of(plain: Plain, run: Any) -> list[_Part]:
    """Everybody's part of a run: what was divided is all they got but for what is taken back, cut again by the weights of the lines."""
    _, terms = terms_of(plain, run)
    people = {one["id"]: one for one in plain.rows("SELECT * FROM technician")}
    got = {one["technician_id"]: one["fen"] for one in plain.rows("SELECT * FROM payout_share WHERE run_id = ? AND technician_id IS NOT NULL", run["id"])}
    if run["reverses"]:
        return [_Part(people[key]["staff_number"], None, (Fraction(0), Fraction(1), Fraction(1)), reversed=fen) for key, fen in got.items()]
    lines = plain.rows("SELECT * FROM payout_line WHERE run_id = ?", run["id"])
    within = {line["id"] for line in lines}
    dropped = {line["reverses"] for line in lines if line["reverses"] in within}
    base: dict[str, int] = defaultdict(int)
    back: dict[str, int] = defaultdict(int)
    for line in lines:
        if line["reverses"] is None and line["id"] not in dropped:
            base[line["technician_id"]] += {"amount": line["amount_fen"], "minutes": line["minutes"]}[terms["weigh"]]
        elif line["reverses"] is not None and line["reverses"] not in within:
            back[line["technician_id"]] += line["fen"]
    evaluations = dict(terms["evaluations"])
    factors = {}
    for key in got:
        person = people[key]
        takes_part = key in base
        role = Decimal(person["coefficient"] if terms["use_coefficient"] and takes_part else 1)
        evaluated = Decimal(evaluations.get(person["staff_number"], 1) if takes_part else 1)
        factors[key] = Fraction(base.get(key, 0)), Fraction(role), Fraction(evaluated)
    weights = {key: a * b * c for key, (a, b, c) in factors.items()}
    divided, total = sum(got.values()) - sum(back.values()), sum(weights.values())
    told = []
    for key, fen in got.items():
        quotient = int(divided * weights[key] / total) if total else 0
        told.append(_Part(people[key]["staff_number"], terms["weigh"], factors[key], quotient, fen - quotient - back[key], back[key]))
    return told


def _given(plain: Plain, runs: list[Any]) -> dict[tuple[str, str, str], int]:
    told: dict[tuple[str, str, str], int] = defaultdict(int)
    for run in runs:
        name, terms = terms_of(plain, run)
        pool = next((share["name"] for share in terms["shares"] if share["receiver"] == "technicians"), "")
        for receiver, called, fen in (("income", "", run["income_fen"]), ("cost", "", run["cost_fen"]), ("technicians", pool, run["pool_fen"])):
            told[name, receiver, called] += fen
        for one in plain.rows("SELECT * FROM payout_share WHERE run_id = ? AND technician_id IS NULL", run["id"]):
            told[name, one["receiver"], one["name"]] += one["fen"]
    return dict(told)


def _reasons(sides: list[list[_Part]], wholes: list[tuple[Fraction, Fraction]], weighed: bool) -> dict[str, int]:
    """``wholes``: what was divided and everybody's weight, of both."""
    first, second = sides
    exact: dict[str, Fraction] = {}
    if not first or not second:
        exact["presence"] = Fraction(sum(part.quotient for part in second) - sum(part.quotient for part in first))
    elif weighed:
        exact = _by_weight(sides, wholes)
    else:
        divided = [whole for whole, _ in wholes]
        shares = [sum(part.quotient for part in side) / whole if whole else Fraction(0) for side, whole in zip(sides, divided, strict=True)]
        exact = _coalitions({"pool": (divided[0], divided[1]), "share": (shares[0], shares[1])}, lambda found: found["pool"] * found["share"])
    told = {code: nearest(part) for code, part in exact.items()}
    for code, name in (("remainder", "remainder"), ("taken_back", "back"), ("reversed", "reversed")):
        told[code] = sum(getattr(part, name) for part in second) - sum(getattr(part, name) for part in first)
    told["rest"] = sum(part.fen for part in second) - sum(part.fen for part in first) - sum(told.values())
    return told


def _by_weight(sides: list[list[_Part]], wholes: list[tuple[Fraction, Fraction]]) -> dict[str, Fraction]:
    """The sum divided against the share as two; within the share the own weight against the others' as two; within the own weight its three factors."""
    divided = [whole for whole, _ in wholes]
    own = [_together(side) for side in sides]
    weights = [a * b * c for a, b, c in own]
    others = [everybody - weight for (_, everybody), weight in zip(wholes, weights, strict=True)]
    # Who did no service in one of the periods has the factors of the other: only the base is another.
    known = [own[place] if weights[place] else (Fraction(0), *own[1 - place][1:]) for place in (0, 1)]

    def share(weight: Fraction, beside: Fraction) -> Fraction:
        return weight / (weight + beside) if weight else Fraction(0)

    outer = _coalitions(
        {"pool": (divided[0], divided[1]), "share": (share(weights[0], others[0]), share(weights[1], others[1]))},
        lambda found: found["pool"] * found["share"],
    )
    level = sum(divided) / 2
    within = _coalitions({"own": (weights[0], weights[1]), "others": (others[0], others[1])}, lambda found: level * share(found["own"], found["others"]))
    names = ("base", "coefficient", "evaluation")
    factors = _coalitions(
        {name: (known[0][place], known[1][place]) for place, name in enumerate(names)},
        lambda found: level * sum(share(found["base"] * found["coefficient"] * found["evaluation"], beside) for beside in others) / 2,
    )
    assert sum(factors.values()) == within["own"]
    return {"pool": outer["pool"], **factors, "others": within["others"]}


def _together(side: Iterable[_Part]) -> tuple[Fraction, Fraction, Fraction]:
    """Base, and the means of the factors by which it comes to the weight."""
    parts = list(side)
    base = sum((part.factors[0] for part in parts), Fraction(0))
    half = sum((part.factors[0] * part.factors[1] for part in parts), Fraction(0))
    whole = sum((part.weight for part in parts), Fraction(0))
    return base, half / base if base else Fraction(1), whole / half if half else Fraction(1)


def _coalitions(factors: dict[str, tuple[Any, Any]], worth: Callable[[dict[str, Any]], Any]) -> dict[str, Fraction]:
    """What each factor brings by being replaced, the mean over all sets of others that are replaced already."""
    names, n = tuple(factors), len(factors)

    def with_(replaced: set[str]) -> Fraction:
        return Fraction(worth({name: factors[name][name in replaced] for name in names}))

    told = dict.fromkeys(names, Fraction(0))
    for name in names:
        rest = [other for other in names if other != name]
        for size in range(n):
            for already in combinations(rest, size):
                chance = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
                told[name] += chance * (with_({*already, name}) - with_(set(already)))
    return told
