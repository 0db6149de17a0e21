"""What a remote has to tell the institution, and what others offer: notices with a day to answer by, instruments elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LONGEST_ANSWER = 4000


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """What the institution answers to a notice. ``answered_by`` is known at the seat that wrote it; ``sent``: the remote has it."""

    id: str
    notice_id: str
    text: str
    answered_on: date
    answered_by: str = ""
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. ``kind``: rectification, warning, circular or information; ``due_on`` the day to answer by, None for none.

    ``answers``: the newest last. ``received_at`` and ``read_at`` (None: nobody has marked it) are UTC, ISO text; ``read_by`` who marked it.
    """

    remote: str
    id: str
    kind: str
    title: str
    text: str
    issued_on: date | None
    due_on: date | None
    received_at: str
    read_at: str | None = None
    read_by: str = ""
    answers: tuple[NoticeAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A figure a remote published for a year, as it was written: nothing of the ledger counts by it. ``source`` is "" when not told.

    ``read_at`` is UTC, ISO text.
    """

    remote: str
    year: str
    name: str
    value: str
    source: str
    version: str
    read_at: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An instrument of another institution, as it is public. ``place`` city and county; texts are "" when not told.

    ``nearness`` is how near that is to the institution of the ledger, in steps of divisions, not in kilometres: ``county`` (the same one), ``city``
    (another county of the same city), ``province`` (another city of it), ``in_province`` where it is not known where the institution itself is,
    ``elsewhere``; "" where no place is told, or none that anybody can read.
    """

    id: str
    institution_name: str
    name: str
    model: str = ""
    place: str = ""
    fee_text: str = ""
    service_content: str = ""
    network_number: str = ""
    booking_url: str = ""
    nearness: str = ""
