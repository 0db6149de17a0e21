"""Why a person, or all together, got more or less in one period than in another: both amounts, and each reason with what it was replaced by."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from desktop.rules.exact import shown
from desktop.rules.figure import Figure, Rows
from desktop.rules.payout_comparison import Compared, PaidPeriod, PeriodComparison, Reason, Side

_UNITS = {"amount": "fen", "minutes": "minutes", "equal": "count"}


def whole(found: PeriodComparison) -> Figure:
    """All together: both amounts, the reasons, and everyone with their own."""
    people = tuple(person(found, one) for one in found.people)
    everyone = Figure("payout_comparison.people", found.whole.more_fen, "fen", "sum", inputs=people, params=(("n", str(len(people))),))
    return _more(found, found.whole, "payout_comparison.more", everyone)


def person(found: PeriodComparison, one: Compared) -> Figure:
    """One person (or a department): both amounts and the reasons."""
    code = "more_of" if one.staff_number else "more_department"
    return _more(found, one, f"payout_comparison.{code}")


def _more(found: PeriodComparison, one: Compared, code: str, *further: Figure) -> Figure:
    reasons = tuple(_reason(found, one, each) for each in one.reasons)
    parts = (
        _paid(found, found.before, one.before), _paid(found, found.after, one.after), *further,
        Figure("payout_comparison.reasons", one.more_fen, "fen", "sum", inputs=reasons),
    )  # fmt: skip
    params = (("name", one.name), ("staff_number", one.staff_number or "—"), ("before", found.before.name), ("after", found.after.name))
    return Figure(code, one.more_fen, "fen", "difference", inputs=parts, params=params)


def _paid(found: PeriodComparison, period: PaidPeriod, side: Side | None) -> Figure:
    """What was paid in a period; a dash for who is not in it."""
    params = (("period", period.name),)
    if side is None:
        return Figure("payout_comparison.not_in", "—", "text", "fact", params=params)
    parts = [Figure("payout_comparison.by_weight", side.weight_fen, "fen", "share", inputs=tuple(_weight(found, side)))]
    for code, fen in (("remainder", side.remainder_fen), ("taken_back", side.back_fen), ("reversed", side.reversed_fen)):
        if fen:
            parts.append(Figure(f"payout_comparison.{code}", fen, "fen", "fact"))
    return Figure(
        "payout_comparison.paid", side.fen, "fen", "sum", inputs=tuple(parts), rows=Rows("payout_run", period.keys) if period.keys else None,
        params=(*params, ("n", str(side.n_runs))),
    )  # fmt: skip


def _weight(found: PeriodComparison, side: Side) -> Iterator[Figure]:
    yield Figure("payout_comparison.minutes", side.minutes, "minutes", "fact")
    if found.weigh is not None and side.base is not None:
        factors = (_base(found, side), _factor("coefficient", side.coefficient), _factor("evaluation", side.evaluation))
        yield Figure("payout_comparison.weight", shown(side.weight), "count", "product", inputs=factors)
    yield _share(side)


def _base(found: PeriodComparison, side: Side) -> Figure:
    weigh = found.weigh or "equal"
    return Figure(f"payout.weight_{weigh}", side.base, _UNITS[weigh], "fact")


def _factor(name: str, factor: Fraction) -> Figure:
    return Figure(f"payout.{name}", shown(factor), "count", "fact")


def _share(side: Side) -> Figure:
    share = None if side.weight_share is None else shown(side.weight_share)
    return Figure("payout_comparison.weight_share", share, "ratio", "fact")


def _reason(found: PeriodComparison, one: Compared, reason: Reason) -> Figure:
    """One reason with what stood in its place before and after; of several people it is the sum of theirs."""
    code = f"payout_comparison.reason.{reason.code}"
    pair = _pair(found, one, reason.code)
    if pair is None:
        return Figure(code, reason.fen, "fen", "difference" if one.staff_number else "step")
    inputs = tuple(
        Figure("payout_comparison.stood", each.value, each.unit, "fact", params=(("what", each.code), ("period", period.name)))
        for each, period in zip(pair, (found.before, found.after), strict=True)
    )
    return Figure(code, reason.fen, "fen", "replacement", inputs=inputs)


def _pair(found: PeriodComparison, one: Compared, code: str) -> tuple[Figure, Figure] | None:
    """What was replaced by what; None for what is a plain difference of two amounts above, and for several people."""
    first, second, all_first, all_second = one.before, one.after, found.whole.before, found.whole.after
    if not one.staff_number or first is None or second is None or all_first is None or all_second is None:
        return None
    if code == "pool":
        return _divided(all_first), _divided(all_second)
    if code == "others":
        return _others(all_first, first), _others(all_second, second)
    if code == "share":
        return _share(first), _share(second)
    if code == "base":
        return _base(found, first), _base(found, second)
    if code in ("coefficient", "evaluation"):
        return _factor(code, getattr(first, code)), _factor(code, getattr(second, code))
    return None


def _divided(all_of_them: Side) -> Figure:
    return Figure("payout_comparison.divided", all_of_them.weight_fen, "fen", "step")


def _others(all_of_them: Side, own: Side) -> Figure:
    return Figure("payout_comparison.others_weight", shown(all_of_them.weight - own.weight), "count", "step")
