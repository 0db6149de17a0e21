"""Payouts of two periods side by side, each person's difference broken up into reasons that add up to the fen (clause 10).

What a person gets by weight is D × w ÷ W: the sum divided, the own weight, everyone's weight. The difference of two periods is taken
apart by replacing one factor after the other (连环替代) and taking the mean of both orders, so that no reason depends on which is asked
first and comparing B with A gives the same reasons with the other sign:

* ``pool``: the change of D × the mean of both shares w ÷ W;
* ``base``, ``coefficient``, ``evaluation``: what the own weight changes of the share, ``others`` what the others' weight changes of it,
  both × the mean of both D; the factors of the own weight among themselves again by the mean of all orders;
* ``share``: the three and ``others`` in one, where the weights of the two periods cannot be set side by side;
* ``presence``: the whole part by weight of somebody who is only in one of the periods;
* ``remainder``, ``taken_back``, ``reversed``: fen left over by rounding, services reversed since, runs reversed in another period;
* ``rest``: what is left: whole fen, and that a year's runs have a fen a weight each.

Each reason is rounded once, half up, and ``rest`` takes what the rounding leaves: Σ of the reasons is the difference exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Literal

from desktop.ledger.allocation import WeightBasis
from desktop.rules.exact import rounded

Standing = Literal["both", "new", "gone"]
REASONS = ("pool", "base", "coefficient", "evaluation", "others", "share", "presence", "remainder", "taken_back", "reversed", "rest")
_FACTORS = ("base", "coefficient", "evaluation")
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Got:
    """What one person got of one run. ``base`` (fen, minutes or 1) × ``coefficient`` × ``evaluation`` is the weight; ``base`` None: not known here.

    ``weight_fen`` by weight, ``remainder_fen`` left over by rounding, ``back_fen`` (≤ 0) taken back for services reversed since;
    ``reversed_fen`` is all of a run that takes back another one: it has no weights (``weigh`` None, ``base`` 0). ``minutes`` behind it.
    """

    staff_number: str
    name: str
    department: str
    run: str
    scheme: str
    weigh: WeightBasis | None
    minutes: int
    base: int | None
    coefficient: Decimal = Decimal(1)
    evaluation: Decimal = Decimal(1)
    weight_fen: int = 0
    remainder_fen: int = 0
    back_fen: int = 0
    reversed_fen: int = 0

    @property
    def fen(self) -> int:
        """What the person is paid of the run; negative: is deducted."""
        return self.weight_fen + self.remainder_fen + self.back_fen + self.reversed_fen

    @property
    def weight(self) -> Fraction:
        """The weight; 0 where it is not known, and for what a run takes back."""
        return (self.base or 0) * Fraction(self.coefficient) * Fraction(self.evaluation)


@dataclass(frozen=True, slots=True)
class Given:
    """What one row of a scheme gave in one run: ``receiver`` of ``ledger.allocation`` (also technicians, kept), or ``income`` and ``cost``."""

    scheme: str
    receiver: str
    name: str
    fen: int


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """Everything the runs of one period paid: ``runs`` by number (``keys``: their keys), what each person got, what each row of a scheme gave."""

    name: str
    runs: tuple[str, ...]
    got: tuple[Got, ...]
    given: tuple[Given, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One person (or all, or a department) in one period. ``base`` None: not known; the factors are the means by which Σ base × them is the weight.

    ``weight_share`` is the part of the sum divided by weight, None where nothing was divided; ``n_runs`` the runs that paid.
    """

    minutes: int
    base: int | None
    coefficient: Fraction
    evaluation: Fraction
    weight: Fraction
    weight_fen: int
    remainder_fen: int
    back_fen: int
    reversed_fen: int
    weight_share: Fraction | None
    n_runs: int

    @property
    def fen(self) -> int:
        """What was paid."""
        return self.weight_fen + self.remainder_fen + self.back_fen + self.reversed_fen


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a difference, ``code`` of REASONS, in fen."""

    code: str
    fen: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One person, department or all of both periods; ``staff_number`` is empty for what is added up. Σ ``reasons`` is ``more_fen``.

    ``before`` or ``after`` is None for who is not in that period at all: unknown there, not zero.
    """

    staff_number: str
    name: str
    department: str
    standing: Standing
    before: Side | None
    after: Side | None
    reasons: tuple[Reason, ...]

    @property
    def before_fen(self) -> int | None:
        """What was paid in the first period; None: the person is not in it."""
        return None if self.before is None else self.before.fen

    @property
    def after_fen(self) -> int | None:
        """What was paid in the second period; None: the person is not in it."""
        return None if self.after is None else self.after.fen

    @property
    def more_fen(self) -> int:
        """By how much the second period is more; what is not there counts nothing."""
        return (self.after_fen or 0) - (self.before_fen or 0)

    @property
    def growth(self) -> Decimal | None:
        """The difference as a part of the first amount, to six places; None where there is no first amount."""
        if not self.before_fen or self.after is None:
            return None
        return Decimal(rounded(Fraction(self.more_fen * 10**6, abs(self.before_fen)))).scaleb(-6)

    def because(self, code: str) -> int:
        """The fen of one reason; 0 for one that does not apply."""
        return sum(one.fen for one in self.reasons if one.code == code)


@dataclass(frozen=True, slots=True)
class SourceCompared:
    """One row of a scheme in both periods; None: the period has no such row."""

    scheme: str
    receiver: str
    name: str
    before_fen: int | None
    after_fen: int | None

    @property
    def more_fen(self) -> int:
        """By how much the second period is more."""
        return (self.after_fen or 0) - (self.before_fen or 0)


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """Two periods side by side. ``weighed``: the weights of both are known and of one kind (``weigh``), so that their factors are told apart."""

    before: PaidPeriod
    after: PaidPeriod
    weighed: bool
    weigh: WeightBasis | None
    people: tuple[Compared, ...]
    departments: tuple[Compared, ...]
    sources: tuple[SourceCompared, ...]
    whole: Compared


def compare(before: PaidPeriod, after: PaidPeriod) -> PeriodComparison:
    """Set two periods side by side: people by staff number, departments, the rows of the schemes, and all together."""
    got = (*before.got, *after.got)
    kinds = {one.weigh for one in got if one.weigh is not None}
    weighed = len(kinds) == 1 and all(one.base is not None for one in got)
    books = _Book(before), _Book(after)
    people = tuple(_person(number, books, weighed) for number in sorted({one.staff_number for one in got}))
    departments = tuple(
        _together(name, [one for one in people if one.department == name], books) for name in sorted({one.department for one in people})
    )
    return PeriodComparison(
        before, after, weighed, next(iter(kinds)) if weighed else None, people, departments, tuple(_sources(before, after)),
        _together("", people, books),
    )  # fmt: skip


class _Book:
    """One period with its lines by person, and what it divided."""

    def __init__(self, period: PaidPeriod) -> None:
        self.lines: dict[str, list[Got]] = defaultdict(list)
        for one in period.got:
            self.lines[one.staff_number].append(one)
        self.divided = sum(one.weight_fen for one in period.got)
        self.whole = _side(period.got, self.divided)

    def of(self, *numbers: str) -> Side | None:
        """What these people have together; None when nobody of them is in the period."""
        own = [line for number in numbers for line in self.lines.get(number, ())]
        return _side(own, self.divided) if own else None


def _side(own: Sequence[Got], divided: int) -> Side:
    """One side, added up over the runs of the period, which divided so much by weight."""
    known = all(one.base is not None for one in own)
    base = sum(one.base or 0 for one in own)
    weighed = sum(((one.base or 0) * Fraction(one.coefficient) for one in own), _ZERO)
    weight = sum((one.weight for one in own), _ZERO)
    weight_fen = sum(one.weight_fen for one in own)
    return Side(
        sum(one.minutes for one in own), base if known else None, weighed / base if base else _ONE, weight / weighed if weighed else _ONE,
        weight, weight_fen, sum(one.remainder_fen for one in own), sum(one.back_fen for one in own), sum(one.reversed_fen for one in own),
        Fraction(weight_fen, divided) if divided else None, len({one.run for one in own}),
    )  # fmt: skip


def _person(number: str, books: tuple[_Book, _Book], weighed: bool) -> Compared:
    first, second = (book.of(number) for book in books)
    named = (books[1].lines.get(number) or books[0].lines[number])[-1]
    reasons = _reasons(first, second, (books[0].whole, books[1].whole), weighed)
    return Compared(number, named.name, named.department, _standing(first, second), first, second, reasons)


def _standing(first: Side | None, second: Side | None) -> Standing:
    return "new" if first is None else "gone" if second is None else "both"


def _reasons(first: Side | None, second: Side | None, wholes: tuple[Side, Side], weighed: bool) -> tuple[Reason, ...]:
    a, b = first or _NOBODY, second or _NOBODY
    if first is None or second is None:
        parts = {"presence": Fraction(b.weight_fen - a.weight_fen)}
    elif weighed:
        parts = _by_weights(a, b, wholes)
    else:
        parts = _by_share(a, b, wholes)
    told = {code: rounded(part) for code, part in parts.items()}
    told |= {
        "remainder": b.remainder_fen - a.remainder_fen,
        "taken_back": b.back_fen - a.back_fen,
        "reversed": b.reversed_fen - a.reversed_fen,
    }
    told["rest"] = b.fen - a.fen - sum(told.values())
    return tuple(Reason(code, told[code]) for code in REASONS if told.get(code))


def _by_share(a: Side, b: Side, wholes: tuple[Side, Side]) -> dict[str, Fraction]:
    """Two reasons: the sum divided, and the person's part of it."""
    shares, divided = (a.weight_share or _ZERO, b.weight_share or _ZERO), (wholes[0].weight_fen, wholes[1].weight_fen)
    return {"pool": _mean(*shares) * (divided[1] - divided[0]), "share": _mean(*divided) * (shares[1] - shares[0])}


def _by_weights(a: Side, b: Side, wholes: tuple[Side, Side]) -> dict[str, Fraction]:
    """The sum divided, each factor of the own weight, and the others' weight."""
    divided = (wholes[0].weight_fen, wholes[1].weight_fen)
    others = (wholes[0].weight - a.weight, wholes[1].weight - b.weight)
    level = _mean(*divided)
    own = _factors(a, b)
    pool = _mean(_part(a.weight, others[0]), _part(b.weight, others[1])) * (divided[1] - divided[0])
    parts = _shapley(own, lambda weight: level * _mean(_part(weight, others[0]), _part(weight, others[1])))
    among = _mean(
        _part(a.weight, others[1]) - _part(a.weight, others[0]), _part(b.weight, others[1]) - _part(b.weight, others[0])
    )
    return {"pool": pool, **parts, "others": level * among}


def _factors(a: Side, b: Side) -> dict[str, tuple[Fraction, Fraction]]:
    """The factors of the own weight in both periods; without service in one, the factors of the other stand for it: only the base differs."""
    sides = (a if a.weight else b, b if b.weight else a)
    first, second = sides
    return {
        "base": (Fraction(a.base or 0) if a.weight else _ZERO, Fraction(b.base or 0) if b.weight else _ZERO),
        "coefficient": (first.coefficient, second.coefficient),
        "evaluation": (first.evaluation, second.evaluation),
    }


def _shapley(factors: dict[str, tuple[Fraction, Fraction]], worth: Callable[[Fraction], Fraction]) -> dict[str, Fraction]:
    """What each factor changes of ``worth`` of their product: the mean over all orders in which they can be replaced."""
    found = dict.fromkeys(_FACTORS, _ZERO)
    orders = tuple(permutations(_FACTORS))
    for order in orders:
        now = {name: first for name, (first, _) in factors.items()}
        last = worth(now["base"] * now["coefficient"] * now["evaluation"])
        for name in order:
            now[name] = factors[name][1]
            next_ = worth(now["base"] * now["coefficient"] * now["evaluation"])
            found[name] += next_ - last
            last = next_
    return {name: part / len(orders) for name, part in found.items()}


def _part(weight: Fraction, others: Fraction) -> Fraction:
    """The part a weight has beside the others'; 0 without a weight."""
    return weight / (weight + others) if weight else _ZERO


def _mean(one: Fraction | int, other: Fraction | int) -> Fraction:
    return Fraction(one + other) / 2


_NOBODY = Side(0, 0, _ONE, _ONE, _ZERO, 0, 0, 0, 0, None, 0)


def _together(name: str, people: Iterable[Compared], books: tuple[_Book, _Book]) -> Compared:
    """Several people as one: amounts and reasons added up; a reason that cancels out among them is not told."""
    people = tuple(people)
    first, second = (book.of(*(one.staff_number for one in people)) for book in books)
    told = {code: sum(one.because(code) for one in people) for code in REASONS}
    reasons = tuple(Reason(code, told[code]) for code in REASONS if told[code])
    return Compared("", name, name, _standing(first, second), first, second, reasons)


def _sources(before: PaidPeriod, after: PaidPeriod) -> Iterable[SourceCompared]:
    """The rows of the schemes, in the order they are first met: income, costs, and who received what."""
    sums: tuple[dict[tuple[str, str, str], int], ...] = ({}, {})
    for found, period in zip(sums, (before, after), strict=True):
        for one in period.given:
            key = (one.scheme, one.receiver, one.name)
            found[key] = found.get(key, 0) + one.fen
    for key in {**sums[1], **sums[0]}:
        yield SourceCompared(*key, sums[0].get(key), sums[1].get(key))
