"""Every answer to the self-checks of a period's records, whenever it was given, one by one: also those that a later one replaced or took back."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.actions.integrity_answers import Answered, Point
from desktop.ledger.integrity import INTEGRITY_CHECKS, AnswerStanding, IntegrityAnswer
from desktop.rules import integrity_answers as rules


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, the finding it was given to, and how it stands: see ``rules.integrity_answers.standings``."""

    point: Point
    answer: IntegrityAnswer
    standing: AnswerStanding


def every(found: Answered) -> tuple[Given, ...]:
    """The answers to these findings, those of the newest day first, of one finding the last first."""
    told = [
        Given(point, answer, standing)
        for point in found.points
        for answer, standing in reversed(list(zip(point.answers, rules.standings(point.answers), strict=True)))
    ]
    return tuple(sorted(told, key=_rank))


def _rank(one: Given) -> tuple[int, int, str]:
    return -one.answer.answered_on.toordinal(), INTEGRITY_CHECKS.index(one.answer.check_name), one.point.number
