"""Which sets are offered for transfer: general-purpose ones that are little used or badly shared, each with the tests that make it one.

Source: measure clause 16, which gives no numbers; every limit is a parameter (``transfer.*``). A test whose fact or limit is not known
is unknown, and a set is never offered on an unknown test. Offering decides nothing: a person proposes the transfer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger.period import Period
from desktop.rules import customs, performance
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters
from desktop.rules.performance import Use, number

GENERAL = "transfer.general_categories"
LOW_UTILISATION = "transfer.low_utilisation"
LOW_SHARING = "transfer.low_sharing_rate"
ONE_SUFFICES = "transfer.one_suffices"
LEAST_DAYS = "transfer.least_days"
PERMITTED = "transfer.permitted"

Verdict = Literal["candidate", "kept", "unknown"]


@dataclass(frozen=True, slots=True)
class SetYear:
    """One set and its year: ``accepted_on`` or else ``booked_on`` begins its service, ``released_on`` the customs supervision."""

    category: str
    use: Use
    accepted_on: date | None = None
    booked_on: date | None = None
    retired_on: date | None = None
    fiscal: bool | None = None
    customs_supervised: bool | None = None
    released_on: date | None = None
    every: Rows | None = None
    outside: Rows | None = None

    @property
    def since(self) -> date | None:
        """The day its service began, as far as the register tells."""
        return self.accepted_on or self.booked_on


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: ``code`` names it (``transfer.test.<code>``), ``met`` None means unknown."""

    code: str
    met: bool | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a set's year comes to. ``cautions`` are codes of ``transfer.caution`` to settle before anything moves."""

    verdict: Verdict
    tests: tuple[Test, ...]
    cautions: tuple[str, ...]
    figure: Figure

    def named(self, code: str) -> Test:
        """One test by its name. Raises KeyError for a name that is none."""
        found = {test.code: test for test in self.tests}
        return found[code]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it has this verdict: the tests met by a candidate, failed by a set that is kept, unknown otherwise."""
        wanted = {"candidate": True, "kept": False, "unknown": None}[self.verdict]
        return tuple(test.code for test in self.tests if test.met is wanted)


def assess(one: SetYear, period: Period, known: Parameters, day: date) -> Assessment:
    """Judge one set by what is known and in force on a day; a period that is not over then leaves it unknown."""
    inside = performance.effective(one.use, known, day, one.every)
    outside = performance.external(one.use, one.outside)
    utilisation = performance.utilisation(inside, known, day)
    sharing = performance.sharing_rate(outside, inside, known, day)
    over = _over(period, day)
    in_service = _in_service(one, period)
    general = _general(one.category, known, day)
    long_enough = _long_enough(one, period, known, day)
    little_used = _below("little_used", utilisation, LOW_UTILISATION, known, day)
    badly_shared = _below("badly_shared", sharing, LOW_SHARING, known, day)
    rule = known.figure(ONE_SUFFICES, day)
    use = (little_used.met, badly_shared.met)
    enough = None if rule.value is None else any_of(use) if rule.value else all_of(use)
    badly = Figure("transfer.use", _state(enough), "state", "choice", inputs=(little_used.figure, badly_shared.figure, rule))
    met = all_of((over.met, in_service.met, general.met, long_enough.met, enough))
    verdict: Verdict = "unknown" if met is None else "candidate" if met else "kept"
    supervision = supervised(one, known, day)
    inputs = [over.figure, in_service.figure, general.figure, long_enough.figure, badly, known.figure(PERMITTED, day)]
    if supervision is not None:
        inputs.append(supervision)
    figure = Figure("transfer.verdict", verdict, "state", "choice", inputs=tuple(inputs))
    tests = (over, in_service, general, long_enough, little_used, badly_shared)
    return Assessment(verdict, tests, _cautions(one, supervision, day), figure)


def all_of(tests: Iterable[bool | None]) -> bool | None:
    """True when all are, False when one is not, else unknown."""
    told = tuple(tests)
    return False if False in told else None if None in told else True


def any_of(tests: Iterable[bool | None]) -> bool | None:
    """True when one is, False when none is, else unknown."""
    told = tuple(tests)
    return True if True in told else None if None in told else False


def supervised(one: SetYear, known: Parameters, day: date) -> Figure | None:
    """The last day of a set's customs supervision, unknown without its first day or the rule; None: nothing says it was duty-free."""
    if one.customs_supervised is False or not (one.customs_supervised or one.released_on):
        return None
    rule = known.in_force(customs.YEARS, day)
    last = None if rule is None or one.released_on is None else customs.last_day(one.released_on, rule.integer)
    inputs = (Figure("transfer.released_on", one.released_on, "date"), known.figure(customs.YEARS, day))
    return Figure("transfer.supervised_to", last, "date", "sum", inputs=inputs)


def _state(met: bool | None) -> str:
    return "unknown" if met is None else "met" if met else "not_met"


def _test(code: str, met: bool | None, *inputs: Figure) -> Test:
    return Test(code, met, Figure(f"transfer.test.{code}", _state(met), "state", "comparison", inputs=inputs))


def _over(period: Period, day: date) -> Test:
    # Half a year's hours against a whole year's limit would make candidates of good sets.
    return _test("over", True if day >= period.last_day else None, Figure("transfer.last_day", period.last_day, "date"))


def _in_service(one: SetYear, period: Period) -> Test:
    met = one.retired_on is None or one.retired_on >= period.end
    return _test("in_service", met, Figure("transfer.retired_on", one.retired_on if one.retired_on else "—", "date" if one.retired_on else "text"))


def _general(category: str, known: Parameters, day: date) -> Test:
    rule = known.in_force(GENERAL, day)
    word = performance.category_word(category)
    # A set of no stated category may be of either.
    met = None if rule is None or not word else word in rule.codes
    return _test("general", met, Figure("transfer.category", word or None, "text"), known.figure(GENERAL, day))


def _long_enough(one: SetYear, period: Period, known: Parameters, day: date) -> Test:
    rule = known.in_force(LEAST_DAYS, day)
    days = None if one.since is None else max(0, (period.end - one.since).days)
    met = None if rule is None or days is None else days >= rule.integer
    since = Figure("transfer.since", one.since, "date")
    return _test("long_enough", met, Figure("transfer.days", days, "days", "difference", inputs=(since,)), known.figure(LEAST_DAYS, day))


def _below(code: str, rate: Figure, key: str, known: Parameters, day: date) -> Test:
    limit = known.figure(key, day)
    told, most = number(rate), number(limit)
    return _test(code, None if told is None or most is None else told < most, rate, limit)


def _cautions(one: SetYear, supervision: Figure | None, day: date) -> tuple[str, ...]:
    told = []
    if one.use.n_records == 0:
        told.append("no_records")
    if supervision is not None and not (isinstance(supervision.value, date) and supervision.value < day):
        told.append("customs")
    if one.fiscal is None:
        told.append("funds_not_stated")
    elif not one.fiscal:
        told.append("own_money")
    return tuple(told)
