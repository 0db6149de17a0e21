"""A payout run, reckoned a second time: what is open, income less costs, the scheme's shares, the legal limit, technicians to the fen."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest
from tests.recompute.plain_money import day_of_cost

Told = dict[Any, Any]
_STANDS = "r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"


def run(plain: Plain, name: str, to: date) -> Told:
    """Income, cost, every technician's and every receiver's fen of a run on posted fees up to a day."""
    terms = json.loads(plain.value("SELECT terms FROM scheme WHERE name = ?", name))
    paid = {one["posting_id"]: one for one in plain.rows(f"SELECT l.* FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {_STANDS}")}
    present, back = _open(plain, terms, to, paid)
    return _shared_out(plain, terms, to, present, back, weigh=lambda line: line["amount_fen"])


def received(plain: Plain, name: str, to: date) -> Told:
    """The same of a run on money received: refunds and what they give back come to nothing, minutes follow the money."""
    terms = json.loads(plain.value("SELECT terms FROM scheme WHERE name = ?", name))
    paid = {one["posting_id"]: one for one in plain.rows(f"SELECT l.* FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {_STANDS}")}
    postings = {one["id"]: one for one in plain.rows("SELECT * FROM posting WHERE reverses IS NULL")}
    refunded = {one["reverses"] for one in plain.rows("SELECT reverses FROM receipt WHERE reverses IS NOT NULL AND received_on <= ?", to.isoformat())}
    by_posting: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows("SELECT * FROM receipt WHERE reverses IS NULL AND received_on <= ? ORDER BY received_on, id", to.isoformat()):
        if one["posting_id"] not in paid:
            by_posting[one["posting_id"]].append(one)
    present = []
    for key, several in by_posting.items():
        posting, so_far, given = postings[key], 0, 0
        for one in several:
            so_far += one["fen"]
            minutes = posting["minutes"] * so_far // posting["amount_fen"] - given
            given += minutes
            if posting["external"] and one["id"] not in refunded:
                present.append({"technician_id": posting["technician_id"], "amount_fen": one["fen"], "minutes": minutes})
    back = [one for one in _reversals(plain, to, paid) if one[1] is not None]
    return _shared_out(plain, terms, to, present, back, weigh=lambda line: line["minutes"])


def _reversals(plain: Plain, to: date, paid: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Reversals that no run has settled, with the line that paid what they take back, if one did."""
    rows = plain.rows("SELECT * FROM posting WHERE reverses IS NOT NULL AND ended_on <= ?", to.isoformat())
    return [(one, paid.get(one["reverses"])) for one in rows if one["id"] not in paid]


def _open(plain: Plain, terms: dict[str, Any], to: date, paid: dict[str, Any]) -> tuple[list[Any], list[tuple[Any, Any]]]:
    reversals = _reversals(plain, to, paid)
    gone = {one["reverses"] for one, _ in reversals}
    rows = plain.rows("SELECT * FROM posting WHERE reverses IS NULL AND ended_on <= ?", to.isoformat())
    takes_part = [
        one for one in rows
        if one["id"] not in paid and one["id"] not in gone
        and (one["external"] or (terms["include_internal"] and one["ended_on"] >= (terms["internal_from"] or "")))
    ]  # fmt: skip
    return takes_part, [pair for pair in reversals if pair[1] is not None]


def _costs(plain: Plain, to: date) -> int:
    """Everything declared that is due by a day, less what standing runs have deducted of it."""
    due = sum(day_of_cost(row, to) for row in plain.rows("SELECT * FROM cost_row WHERE NOT withdrawn AND period_from <= ?", to.isoformat()))
    return due - int(plain.value(f"SELECT coalesce(sum(c.fen), 0) FROM payout_cost c JOIN payout_run r ON r.id = c.run_id WHERE {_STANDS}"))


def _cut(rate: str, base: int) -> int:
    """A cap: never rounded up."""
    return int(Fraction(rate) * max(0, base) // 1)


def _shared_out(plain: Plain, terms: dict[str, Any], to: date, present: list[Any], back: list[tuple[Any, Any]], weigh: Any) -> Told:
    gross, cost = sum(one["amount_fen"] for one in present), _costs(plain, to)
    net, whole_net = gross - cost, gross - cost + sum(one["amount_fen"] for one, _ in back)
    legal = _legal(plain, to, whole_net, net, back)
    rest, pool = max(0, net), 0
    told: Told = {"income": gross + sum(one["amount_fen"] for one, _ in back), "cost": cost}
    receivers: dict[str, int] = defaultdict(int)
    for share in terms["shares"]:
        fen = nearest(Fraction(share["rate"]) * (gross if share["of"] == "gross" else rest))
        if share["cap_rate"] is not None:
            fen = min(fen, _cut(share["cap_rate"], gross if share["cap_of"] == "gross" else net))
        if share["receiver"] == "technicians" and legal is not None:
            fen = min(fen, legal[0])
        fen = min(fen, rest)
        rest -= fen
        if share["receiver"] == "technicians":
            pool = fen
        else:
            receivers[share["name"]] += fen
    returned, others, from_others = _returned(plain, back)
    for name, fen in others.items():
        receivers[name] -= fen
    divided = max(0, pool + from_others) if from_others else pool
    divided = divided if legal is None or not from_others else min(divided, legal[1])
    people = _divided(plain, terms, divided, present, weigh)
    for key, fen in returned.items():
        people[key] = people.get(key, 0) - fen
    staff = {one["id"]: one["staff_number"] for one in plain.rows("SELECT id, staff_number FROM technician")}
    told |= {f"technician {staff[key]}": fen for key, fen in people.items()} | {f"receiver {name}": fen for name, fen in receivers.items() if fen or name}
    told["pool"] = sum(people.values())
    told["kept"] = told["income"] - cost - told["pool"] - sum(receivers.values())
    return told


def _legal(plain: Plain, to: date, whole_net: int, net: int, back: list[tuple[Any, Any]]) -> tuple[int, int] | None:
    """The most technicians get of the present income, and the most they divide with what is taken back from them; None: no limit."""
    if plain.value("SELECT kind FROM institution") != "enterprise":
        return None
    rate = str(plain.rule("payout.technician_share_cap", to))
    whole = _cut(rate, whole_net) + sum(line["fen"] for _, line in back)
    return min(_cut(rate, net), whole), whole


def _returned(plain: Plain, back: list[tuple[Any, Any]]) -> tuple[dict[str, int], dict[str, int], int]:
    """By technician, by receiver, and what the lines had brought out of other technicians' parts."""
    returned: dict[str, int] = defaultdict(int)
    others: dict[str, int] = defaultdict(int)
    from_others = 0
    for run_id in {line["run_id"] for _, line in back}:
        lines = plain.rows(
            "SELECT * FROM payout_line WHERE run_id = ?1 AND reverses IS NULL AND id NOT IN "
            "(SELECT reverses FROM payout_line WHERE run_id = ?1 AND reverses IS NOT NULL)", run_id,
        )  # fmt: skip
        amounts = {one["id"]: one["amount_fen"] for one in lines}
        together = attributed(sum(one["fen"] for one in lines), amounts)
        shares = plain.rows("SELECT * FROM payout_share WHERE run_id = ? AND fen > 0 AND receiver NOT IN ('technicians', 'kept')", run_id)
        parts = [(share["name"], attributed(share["fen"], amounts)) for share in shares]
        n_people = len({one["technician_id"] for one in lines})
        for _, line in back:
            if line["run_id"] == run_id:
                returned[line["technician_id"]] += line["fen"]
                for name, part in parts:
                    others[name] += part[line["id"]]
                beyond = line["fen"] - together[line["id"]]
                from_others += beyond if abs(beyond) > n_people else 0
    return returned, others, from_others


def attributed(fen: int, amounts: dict[str, int]) -> dict[str, int]:
    """Largest remainder; of equal remainders the smaller key."""
    weights = amounts if any(amounts.values()) else dict.fromkeys(amounts, 1)
    total = sum(weights.values())
    parts = {key: fen * weight // total for key, weight in weights.items()}
    left = fen - sum(parts.values())
    for key in sorted(weights, key=lambda key: (-(fen * weights[key] % total), key))[:left]:
        parts[key] += 1
    return parts


def _divided(plain: Plain, terms: dict[str, Any], pool: int, present: list[Any], weigh: Any) -> dict[str, int]:
    people = {one["id"]: one for one in plain.rows("SELECT * FROM technician")}
    factors = {number: Decimal(factor) for number, factor in terms["evaluations"]}
    weights: dict[str, Fraction] = defaultdict(Fraction)
    for one in present:
        person = people[one["technician_id"]]
        role = Fraction(Decimal(person["coefficient"])) if terms["use_coefficient"] else 1
        weights[one["technician_id"]] += weigh(one) * role * Fraction(factors.get(person["staff_number"], 1))
    total = sum(weights.values())
    parts = {key: int(pool * weight / total) for key, weight in weights.items()} if total else dict.fromkeys(weights, 0)
    if parts:
        heir = min(parts, key=lambda key: (people[key]["staff_number"] != terms["remainder_to"], -weights[key], people[key]["staff_number"]))
        parts[heir] += pool - sum(parts.values())
    return parts
