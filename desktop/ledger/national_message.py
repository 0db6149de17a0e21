"""A message to the national platform that was kept to be sent, and what became of it: facts that are only added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MessageStep = Literal["sent", "not_sent", "accepted", "refused", "unknown", "dropped"]
MessageState = Literal["written", "sent", "accepted", "refused", "unknown", "dropped"]

STEPS: tuple[MessageStep, ...] = ("sent", "not_sent", "accepted", "refused", "unknown", "dropped")
STATES: tuple[MessageState, ...] = ("written", "sent", "accepted", "refused", "unknown", "dropped")
MESSAGE_KINDS = ("4", "5", "6", "7")
LONGEST_RAW = 20_000
"""How many signs of an answer are kept."""


@dataclass(frozen=True, slots=True)
class NationalMessage:
    """One envelope as it leaves, and as it leaves again: never changed, never made anew under the same ``number`` (``BW2026-001``).

    ``kind`` is the platform's instruType, ``unit`` its identifier of the institution, ``address`` where it goes. ``period`` is the span of its
    services or effect; instruments are those of ``written_at`` (UTC). ``sha256`` is the digest of its ``n_bytes``. ``personal``: it names applicants.
    """

    id: str
    number: str
    kind: str
    unit: str
    address: str
    period: str
    n_rows: int
    n_bytes: int
    sha256: str
    personal: bool
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """What became of a message at ``at`` (UTC).

    ``sent``: it began to leave, and nothing is known yet. ``not_sent``: not a byte of it left. ``accepted``, ``refused``, ``unknown``: what was
    answered, with the HTTP ``status``, the platform's ``code`` and its words in ``raw`` as they came; or what a person saw on the platform, with
    their ``reason``. ``dropped``: it will not be sent. ``problem`` is the code of what broke the line, "" when nothing did.
    """

    id: str
    message_id: str
    step: MessageStep
    at: datetime
    status: int | None = None
    code: str = ""
    raw: str = ""
    fault: bool = False
    problem: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class NationalRemoval:
    """A person took a row off the platform by hand, or had it taken off: the exchange has no message that does it.

    ``message_id`` is the message the platform has the row by, ``row_key`` names it among that message's rows; ``at`` (UTC), ``reason`` is what was
    done there and how it can be seen. Taken by the platform again in another message, the row is there again.
    """

    id: str
    message_id: str
    row_key: str
    at: datetime
    reason: str
    by: str
