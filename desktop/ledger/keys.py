"""Keys of facts: UUID text made offline, never renumbered.

Ordinary facts get a UUIDv7 (sorts by time, RFC 9562); a fact that is confidential when made gets a UUIDv4,
because a v7 tells when something was made. A reversal's key follows from what it reverses (UUIDv5): something is reversed at
most once, so that two seats that reverse the same thing before they sync make one row of it. So does the key of what is said of a thing once.
"""

from __future__ import annotations

import os
import time
import uuid


def new_key(*, confidential: bool = False) -> str:
    """A fresh key as 36-character text."""
    if confidential:
        return str(uuid.uuid4())
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def reversal_key(original: str) -> str:
    """The key of what takes back the row of this key (36-character text); the hash tells nothing of it."""
    return str(uuid.uuid5(uuid.UUID(original), "reversal"))


def key_of_mark(record_id: str) -> str:
    """The key of what is said of a record for vouchers (36-character text): one row for each record, whichever seat says it first."""
    return str(uuid.uuid5(uuid.UUID(record_id), "voucher mark"))
