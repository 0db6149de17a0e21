"""What becomes of a message to the national platform: what an answer means, where a message stands, which step it may take.

Whatever is not told clearly is unknown: the platform may have the rows, so nothing is sent again before a person has said what they see there.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.ledger.national_message import MessageState, MessageStep

_XML = frozenset({"text/xml", "application/xml", "application/soap+xml"})
# Nothing was done: the address, the sign-in or the size is not what the service takes. 408 and 425 say that the line was at fault.
_NOT_DONE = frozenset(range(400, 500)) - {408, 425}
_MAY: dict[str, frozenset[MessageState]] = {
    "send": frozenset({"written"}),
    "again": frozenset({"sent", "unknown", "refused"}),
    # One that was only written may have been handed in as a file.
    "settle": frozenset({"written", "sent", "unknown"}),
    "drop": frozenset({"written"}),
}
OPEN: frozenset[MessageState] = frozenset({"written", "sent", "unknown"})
"""States that must be settled before the same rows are written into another message."""


def answered(status: int, media: str, *, accepted: bool, fault: bool, published: bool) -> MessageStep:
    """What an answer says of the message.

    ``media`` is its type without parameters; ``accepted``, ``fault`` and ``published`` (a code of a published list) are what was read in it.
    A page of a login or a proxy answers 200 too: what is no XML accepts and refuses nothing.
    """
    if is_xml(media):
        if fault:
            return "refused"
        if status == 200 and accepted:
            return "accepted"
        if status == 200 and published:
            return "refused"
    return "refused" if status in _NOT_DONE else "unknown"


def is_xml(media: str) -> bool:
    """Whether a type of body can be an answer of the platform's."""
    return media in _XML


def state(steps: Sequence[MessageStep]) -> MessageState:
    """Where a message stands after its steps, the oldest first: a try of which not a byte left changes nothing."""
    stands: MessageState = "written"
    before: MessageState = "written"
    for step in steps:
        if step == "not_sent":
            stands = before
        else:
            before, stands = stands, step
    return stands


def may(stands: MessageState, step: str) -> bool:
    """Whether a message may be sent (``send``), sent once more (``again``), settled by what a person saw (``settle``), or given up (``drop``)."""
    return stands in _MAY[step]
