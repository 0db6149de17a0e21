"""The transaction amount of a year, and every payout run that was made as its papers have it, reckoned a second time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tests.recompute.plain import Plain
from tests.recompute.plain_comparison import parts_of, terms_of
from tests.recompute.plain_payouts import attributed

Told = dict[Any, Any]


def transactions(plain: Plain, year: int) -> Told:
    """What others paid for by the day of the service, less what was taken back by its own day."""
    found = plain.rows(
        "SELECT p.*, i.asset_number, i.name AS set_name, c.name AS customer, r.contract FROM posting p JOIN instrument i ON i.id = p.instrument_id "
        "JOIN customer c ON c.id = p.customer_id JOIN service_record r ON r.id = p.record_id WHERE p.external"
    )
    invoices: dict[str, set[str]] = defaultdict(set)
    for one in plain.rows("SELECT * FROM receipt"):
        invoices[one["posting_id"]].add(one["invoice_number"])
    told: Told = {}
    shown, withheld, wanting = [], 0, 0
    for one in found:
        day = one["posted_on"] if one["reverses"] else one["ended_on"]
        if day[:4] != str(year):
            continue
        if one["confidential"]:
            withheld += 1
            continue
        shown.append(one)
        lacking = "" if one["reverses"] else "缺"
        numbers = frozenset(",".join(invoices[one["reverses"] or one["id"]]).split(","))
        given = any(numbers)
        wanting += not one["reverses"] and not (one["contract"] and given)
        told[f"record {one['record_number']} {bool(one['reverses'])}"] = (
            day, one["asset_number"], one["set_name"], one["customer"], one["amount_fen"], one["contract"] or lacking,
            numbers if given else frozenset((lacking,)),
        )  # fmt: skip
    whole, back = sum(one["amount_fen"] for one in shown), [one["amount_fen"] for one in shown if one["reverses"]]
    told |= {
        "年度服务交易额": (Decimal(whole) / 100,), "折合": (_wan(whole),), "对外服务": (len(shown) - len(back), Decimal(whole - sum(back)) / 100),
        "冲销金额": (len(back), Decimal(sum(back)) / 100), "wanting": wanting, "withheld": withheld, "records": (len(shown), whole),
        "users": (len(shown), whole), "sets": (len(shown), whole),
    }  # fmt: skip
    told |= _ranked("user", ((one["customer"], one["amount_fen"]) for one in shown))
    return told | _ranked("set", ((f"{one['set_name']}（{one['asset_number']}）", one["amount_fen"]) for one in shown))


def _wan(fen: int) -> Decimal:
    """万元 with two decimals, the half away from zero."""
    return Decimal((abs(fen) + 5_000) // 10_000 * (-1 if fen < 0 else 1)) / 100


def _ranked(word: str, amounts: Iterable[tuple[str, int]]) -> Told:
    """A place is how many have more, or as much and a name before it, and one."""
    sums, counts = Counter[str](), Counter[str]()
    for name, fen in amounts:
        sums[name] += fen
        counts[name] += 1
    ahead = sorted((-fen, name) for name, fen in sums.items())
    return {f"{word} {name}": (place, counts[name], -fen) for place, (fen, name) in enumerate(ahead, 1)}


def paid(plain: Plain) -> Told:
    """Run and person -> fen, how it was weighed, the printed weight, the payroll line; and the lines behind it."""
    runs = {one["id"]: one for one in plain.rows("SELECT * FROM payout_run ORDER BY prepared_at, number")}
    told: Told = {}
    for run in runs.values():
        turned = runs.get(run["reverses"])
        own = _of_run(plain, turned or run, list(runs.values()))
        for staff, (fen, how, weight, notes, lines) in own.items():
            if turned:
                how = (*how[:3], *(-part for part in how[3:]))
                lines = Counter({(number, True, -minutes, -amount, -part, *rest): n for (number, _, minutes, amount, part, *rest), n in lines.items()})
                late = [note for note in notes if note[0] == "late"]
                kept = [note for note in notes if note[0] == "remainder"]
                fen, notes = -fen, [("reversal",), *late, *kept, *([("deduction",)] if -fen < 0 else [])]
            told[run["number"], staff] = (fen, how, weight, (fen, tuple(notes)) if fen else None)
            told[run["number"], staff, "lines"] = frozenset(lines.items())
    return told


def _of_run(plain: Plain, run: Any, every: list[Any]) -> dict[str, tuple[Any, ...]]:
    _, terms = terms_of(plain, run)
    people = {one["staff_number"]: one for one in plain.rows("SELECT * FROM technician")}
    evaluations = dict(terms["evaluations"])
    by_person: dict[str, list[Any]] = defaultdict(list)
    for line in plain.rows(
        "SELECT l.*, p.record_number, p.amount_fen AS posted_fen, p.minutes AS posted_minutes, p.ended_on, p.confidential, o.fen AS earlier_fen, "
        "o.run_id AS earlier_run FROM payout_line l JOIN posting p ON p.id = l.posting_id LEFT JOIN payout_line o ON o.id = l.reverses WHERE l.run_id = ?",
        run["id"],
    ):  # fmt: skip
        by_person[line["technician_id"]].append(line)
    settled = _settled_to(run, every)
    told = {}
    for part in parts_of(plain, run):
        person, lines = people[part.staff], by_person[people[part.staff]["id"]]
        within = {line["id"] for line in lines}
        gone = {line["reverses"] for line in lines if line["reverses"] in within}
        stands = [line for line in lines if line["reverses"] is None and line["id"] not in gone]
        weights = {line["posting_id"]: line["posted_minutes"] if terms["weigh"] == "minutes" else line["posted_fen"] for line in stands}
        brought = attributed(part.quotient + part.remainder, weights) if stands else {}
        behind = Counter(
            (
                line["record_number"], line["reverses"] is not None, line["posted_minutes"], line["posted_fen"],
                -line["earlier_fen"] if line["reverses"] and line["earlier_run"] != run["id"] else brought.get(line["posting_id"], 0),
                line["ended_on"] <= settled, line["confidential"], line["ended_on"][:7],
            )
            for line in lines
        )  # fmt: skip
        # Who is only taken back from is weighed by nothing: every factor is one.
        coefficient = Decimal(person["coefficient"] if stands else 1) if terms["use_coefficient"] else None
        evaluation = Decimal(evaluations.get(part.staff, 1) if stands else 1) if evaluations else None
        how = (int(part.factors[0]), coefficient, evaluation, part.quotient, part.remainder, part.back)
        weight = part.weight / (100 if terms["weigh"] == "amount" else 1)
        told[part.staff] = (part.fen, how, weight, _notes(part, behind), behind)
    return told


def _settled_to(run: Any, every: list[Any]) -> str:
    """The last day that runs standing when this one was made had settled."""
    before = every[: [one["id"] for one in every].index(run["id"])]
    turned = {one["reverses"] for one in before}
    return max((one["to_on"] for one in before if not one["reverses"] and one["id"] not in turned), default="")


def _notes(part: Any, behind: Counter[Any]) -> list[tuple[Any, ...]]:
    """What the payroll line says: taken back, late, the remainder, to be deducted."""
    told: list[tuple[Any, ...]] = [("back", Decimal(-part.back) / 100)] if part.back else []
    late = sum(n for line, n in behind.items() if line[5])
    told += [("late", late)] if late else []
    told += [("remainder",)] if part.remainder else []
    return [*told, *([("deduction",)] if part.fen < 0 else [])]
