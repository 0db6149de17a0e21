"""What a yearly evaluation needs and no service record tells: counts of a set's year, each with its ground, and what users said of a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

TrainingItem = Literal["independent", "guided", "demonstrated"]
ResearchItem = Literal["national_prizes", "provincial_prizes", "school_prizes", "core_papers"]
FunctionItem = Literal["original_functions", "used_functions", "new_functions"]

TRAINING: tuple[TrainingItem, ...] = ("independent", "guided", "demonstrated")
RESEARCH: tuple[ResearchItem, ...] = ("national_prizes", "provincial_prizes", "school_prizes", "core_papers")
FUNCTIONS: tuple[FunctionItem, ...] = ("original_functions", "used_functions", "new_functions")
ITEMS: tuple[str, ...] = (*TRAINING, *RESEARCH, *FUNCTIONS)

# The five words of the national platform for what a user says of a service, the best first.
RATINGS = ("非常满意", "基本满意", "一般", "不满意", "极差")


@dataclass(frozen=True, slots=True)
class EvaluationFact:
    """``count`` of one of ITEMS for a set in a ``year`` (``2025`` or ``2024-2025``); zero is a count too, unknown has no fact.

    ``ground`` is what the count rests on (a list, certificates, a document number); ``noted_on`` the day it was entered, Asia/Shanghai.
    """

    id: str
    instrument_id: str
    year: str
    item: str
    count: int
    ground: str
    noted_on: date
    noted_by: str


@dataclass(frozen=True, slots=True)
class UserRating:
    """What the user of one service said of it, one of RATINGS, on ``given_on``; it counts before the word the record was entered with."""

    id: str
    record_id: str
    word: str
    given_on: date
    comment: str = ""
    noted_by: str = ""
