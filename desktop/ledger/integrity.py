"""What the institution says to a finding of its own self-check (诚信自查): one answer to one check of one posted record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

IntegrityCheck = Literal["overlap", "beyond_day", "beyond_times", "round_run", "late", "same_contact", "off_schedule", "beyond_sensor"]
AnswerState = Literal["explained", "corrected", "accepted", "open"]
AnswerStanding = Literal["holds", "replaced", "reopens"]

INTEGRITY_CHECKS: tuple[IntegrityCheck, ...] = (
    "overlap", "beyond_day", "beyond_times", "round_run", "late", "same_contact", "off_schedule", "beyond_sensor",
)  # fmt: skip
ANSWER_STATES: tuple[AnswerState, ...] = ("explained", "corrected", "accepted", "open")
ANSWER_STANDINGS: tuple[AnswerStanding, ...] = ("holds", "replaced", "reopens")
"""An answer holds, or a later one took its place, or it opens the finding again (an answer of the state ``open`` that is the last)."""
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class IntegrityAnswer:
    """An answer to what ``check_name`` saw in a record; a further one adds to it, the newest holds.

    ``state``: explained (it is right, and why), corrected (``correction`` is the number of the record that was put right or taken back),
    accepted (it is a fault, and nothing is left to be put right), open (looked at, not settled: an earlier answer is withdrawn by it).
    ``evidence`` names the papers that prove it (登记簿、合同、说明). ``answered_on`` is a day in Asia/Shanghai.
    """

    id: str
    check_name: IntegrityCheck
    record_id: str
    state: AnswerState
    text: str
    answered_on: date
    correction: str = ""
    evidence: str = ""
    answered_by: str = ""
