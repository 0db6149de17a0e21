"""The duty (义务) of one instrument: to join the network, or for a confidential one to be filed; and the facts it hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger.finding import Finding

DutyState = Literal["not_obliged", "to_join", "joined", "joined_late", "overdue", "to_file", "filed", "unknown"]
DUTY_STATES: tuple[DutyState, ...] = ("not_obliged", "to_join", "joined", "joined_late", "overdue", "to_file", "filed", "unknown")


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What an instrument's duty depends on. None and empty text mean not stated; ``value_fen`` is the value of the set.

    ``booked_on`` (建账) is asked only while ``accepted_on`` is not stated; from ``retired_on`` on the set is out of service.
    """

    asset_number: str
    value_fen: int | None = None
    fiscal: bool | None = None
    confidential: bool | None = None
    accepted_on: date | None = None
    joined_on: date | None = None
    network_number: str = ""
    filed_on: date | None = None
    filing_number: str = ""
    booked_on: date | None = None
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """``deadline`` is the last day to join, None where there is none or it cannot be known; ``provisional`` says that
    working days were counted in a year whose calendar is not imported. ``days_left`` counts working days from the day asked
    to the deadline (0: today is the last, negative: past), only while the instrument still has to join.
    """

    asset_number: str
    state: DutyState
    deadline: date | None = None
    provisional: bool = False
    days_left: int | None = None
    findings: tuple[Finding, ...] = ()
