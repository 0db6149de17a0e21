"""An attachment (附件): a file of evidence that belongs to a row of the ledger. Its bytes are named by their SHA-256 and kept once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

MOST_BYTES = 50 * 1024 * 1024
"""What one file may have, as the contract with the remotes says."""

LONGEST_NAME = 200
LONGEST_NOTE = 500

SUBJECTS = (
    "instrument", "fee_schedule", "service_record", "cost_row", "receipt", "payout_run", "pilot_base", "pilot_equipment", "voucher_claim",
)  # fmt: skip
"""The kinds of rows that may have attachments, which go where their row goes."""

SUBJECTS_AT_HOME = (
    "purchase_proposal", "transfer", "integrity_answer", "management_document", "training", "staff_fact", "outside_use",
)  # fmt: skip
"""Further kinds that may have them, whose files stay here: the remotes do not know these rows, and take no file of a use in another province."""

EVERY_SUBJECT = (*SUBJECTS, *SUBJECTS_AT_HOME)


@dataclass(frozen=True, slots=True)
class Attachment:
    """``of_kind`` and ``of_id`` name the row it belongs to; ``name`` is the file's own, without a folder; ``added_at`` is UTC.

    ``media_type`` is what the bytes say. Size, type, who and when are unknown where a remote did not tell them. ``kept``: this ledger has
    the bytes; else another seat has, and they come when asked for. ``papers``: of a use in another province, which papers of its voucher claim
    the file is (``voucher.EVIDENCE``).
    """

    id: str
    of_kind: str
    of_id: str
    name: str
    sha256: str
    n_bytes: int | None
    media_type: str
    note: str
    added_by: str
    added_at: datetime | None
    kept: bool = True
    papers: tuple[str, ...] = ()


def plain_name(name: str) -> str:
    """A name that is a file name on every system: no folder, no control or invisible signs, none that a system forbids; ends in its ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*').strip(" .")
    if len(kept) <= LONGEST_NAME:
        return kept or "attachment"
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else kept[:LONGEST_NAME]
