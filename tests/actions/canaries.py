"""A random mark in every text of every confidential row, and ears for whatever is written while a program runs."""

from __future__ import annotations

import builtins
import io
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text

from desktop.actions.workspace import Workspace
from desktop.store import secret_rows, triggers
from desktop.store.columns import metadata
from desktop.store.database import Connection
from desktop.store.reach import HIDDEN_INSTRUMENT, HIDDEN_RECORD

# What of the local kinds hangs on something confidential; the others are those the gate looks for.
AT_HOME = {
    "reclassification": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "take_back": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "transfer": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "cers_set": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "national_closed": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "national_service": f"record_id IN {HIDDEN_RECORD}",
    "sensor_session": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "record_problem": f"record_id IN {HIDDEN_RECORD}",
    "integrity_answer": f"record_id IN {HIDDEN_RECORD}",
}
_FORM = "a form of its own that the program reads: a day, a moment, a quantity, the terms of a price"
_CHOICE = "a choice from the program's own list, which ordinary rows have too"
_TOLD = "its marks tell it to the hub: docs/decisions, marks of payouts"
# Where the mark stands in what the program reads as JSON.
_INSIDE = {
    "payout_run.figure": "json_set(figure, '$.note', ?)",
    "payout_run.findings": "json_insert(findings, '$[#]', json_array('payout.late', 'note', json_array(json_array('number', ?)), '', ''))",
    "transfer.figure": "json_set(figure, '$.note', ?)",
    "voucher_claim_line.figure": "json_set(figure, '$.note', ?)",
    "record_problem.params": "json_array(json_array('name', ?))",
    "service_record.answers": "json_array(?)",
    "attachment.name": "? || '.pdf'",
    # Of a set of the register its own row says the model.
    "pilot_equipment.model": "CASE WHEN instrument_id IS NULL THEN ? ELSE model END",
}
_BIRD = "金丝雀"
_AS_IT_IS = {"id", "sha256"}
_END = 12  # hexadecimal digits at the end of nearly every mark
_HEX = re.compile(rf"[0-9a-f]{{{_END},}}")
_POINTS = "names another row by its key, which is a mark itself when that row is confidential"
UNMARKED: dict[str, str] = {
    **dict.fromkeys(
        (
            "attachment.added_at", "cost_component.rate", "cost_row.period_from", "cost_row.period_to", "fee_line.terms", "fee_schedule.from_on",
            "fee_schedule.to_on", "payout_cost.from_on", "payout_cost.to_on", "payout_mark.from_on", "payout_mark.to_on", "payout_run.to_on",
            "payout_run.prepared_at", "payout_run.approved_at", "payout_run.closed_at", "payout_share.weight", "instrument.accepted_on",
            "instrument.booked_on", "instrument.joined_on", "instrument.filed_on", "instrument.yearly_hours", "instrument.external_hours",
            "instrument.released_on", "instrument.retired_on", "reclassification.prepared_at", "reclassification.decided_at", "take_back.asked_at",
            "take_back.given_up_at", "transfer.prepared_at", "transfer.decided_at", "transfer.handed_on",
            "voucher_claim_step.on_day", "voucher_claim_step.at",
            "pilot_equipment.accepted_on", "pilot_equipment.retired_on", "pilot_openness.from_on", "pilot_openness.said_at",
            "integrity_answer.answered_on", "posting.ended_on", "posting.posted_on", "posting.quantity", "posting.service_month", "receipt.received_on",
            "service_record.claimed_hours", "service_record.ended_at", "service_record.quantity", "service_record.second_quantity",
            "service_record.started_at", "payout_line.service_month", "evaluation_fact.year", "evaluation_fact.noted_on", "user_rating.given_on",
            "university_count.year", "university_count.noted_on", "national_closed.noted_on",
            "sensor_binding.from_on", "sensor_binding.until_on", "power_band.from_on", "power_band.off_watts", "power_band.working_watts",
            "sensor_session.started_at", "sensor_session.ended_at",
        ),
        _FORM,
    ),
    **dict.fromkeys(
        (
            "attachment.of_kind", "attachment.papers", "cost_component.kind", "cost_row.kind", "fee_schedule.state", "payout_run.basis", "payout_run.state",
            "payout_share.receiver", "posting.customer_class", "reclassification.state", "record_problem.code", "record_problem.field",
            "record_problem.severity", "service_record.state", "transfer.kind", "transfer.state", "pilot_openness.state",
            "integrity_answer.check_name", "integrity_answer.state",
            "voucher_claim_step.verb",
            "voucher_claim_line.use_kind", "voucher_paper.item", "voucher_paper.use_kind", "evaluation_fact.item", "user_rating.word", "sensor_session.band",
            "university_set.use", "university_set.state", "university_count.item",
            "cers_set.share_level", "cers_set.state", "national_closed.reason",
            "instrument.secrecy_level",
        ),
        _CHOICE,
    ),
    "transfer.to_department": "stands only where no receiver does; the receiver is marked",
    **dict.fromkeys(("payout_run.id", "payout_run.number", "payout_mark.run_id", "payout_mark.run_number"), _TOLD),
    **dict.fromkeys(
        ("attachment.of_id", "payout_line.reverses", "payout_mark.settles", "payout_run.reverses", "posting.reverses", "receipt.reverses",
         "integrity_answer.correction", "voucher_claim_line.use_id", "voucher_paper.use_id"), _POINTS
    ),
}  # fmt: skip


def confidential() -> dict[str, str]:
    """Kind -> SQL: which of its rows are confidential. What is not journalled is the ledger's own bookkeeping."""
    return secret_rows.held() | AT_HOME


def hanging() -> set[str]:
    """The journalled kinds that are confidential by themselves, or refer to one that is (by a reference, or by kind and ``use_id``): read off the schema."""
    tables = {table.name: table for table in triggers.journalled()}
    found = {name for name, table in tables.items() if {"confidential", "use_id"} & set(table.columns.keys())} | {"attachment", "payout_run", "voucher_claim"}
    while more := {name for name, table in tables.items() if found & {key.column.table.name for key in table.foreign_keys}} - found:
        found |= more
    return found


def columns() -> set[str]:
    """``kind.column`` of each text of a confidential kind; a reference is the key of another row."""
    tables = metadata.tables
    return {f"{kind}.{c.name}" for kind in hanging() for c in tables[kind].columns if isinstance(c.type, Text) and not c.foreign_keys}


def mark(ledger: Workspace) -> dict[str, str]:
    """Mark -> ``kind.column`` where it stands. Keys, and digests of files, are marks as they are.

    What keeps facts and what is posted from being changed is taken away while this is written; the rows then are as if they had been entered so.
    """
    marks: dict[str, str] = {}
    reason = _sign(marks, "operation.reason")
    with ledger.write("canary", reason=reason, undoable=False, params={"said": _sign(marks, "operation.params")}) as operation:
        run = operation.connection.exec_driver_sql
        keys = {kind: run(f"SELECT id FROM {kind} WHERE {secret}").scalars().all() for kind, secret in confidential().items()}
        with _unprotected(operation.connection):
            for kind, rows in keys.items():
                names = sorted(name for place in columns() if (name := place.removeprefix(f"{kind}.")) != place and place not in UNMARKED)
                for key in rows:
                    for name in names:
                        if name in _AS_IT_IS:
                            marks[run(f"SELECT {name} FROM {kind} WHERE id = ?", (key,)).scalar_one()] = f"{kind}.{name}"
                        else:
                            place = f"{kind}.{name}"
                            run(f"UPDATE {kind} SET {name} = {_INSIDE.get(place, '?')} WHERE id = ?", (_sign(marks, place), key))
    return marks


def _sign(marks: dict[str, str], place: str) -> str:
    text = f"{_BIRD}{secrets.token_hex(6)}"
    marks[text] = place
    return text


@contextmanager
def _unprotected(connection: Connection) -> Iterator[None]:
    """Rows can be changed that never change; each change is journalled all the same."""
    run = connection.exec_driver_sql
    kept = run("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'journal_%'").all()
    journalled = {row[0] for row in run("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'journal_%'")}
    tables = [table for table in triggers.journalled() if f"journal_{table.name}_update" not in journalled]
    for name, _ in kept:
        run(f"DROP TRIGGER {name}")
    for table in tables:
        run(f"CREATE TEMP TRIGGER canary_{table.name} AFTER UPDATE ON main.{table.name} BEGIN {triggers._entry(table, 'update')} END")
    yield
    for table in tables:
        run(f"DROP TRIGGER canary_{table.name}")
    for _, sql in kept:
        run(sql)


def found(marks: dict[str, str], *texts: str) -> list[str]:
    """Where the marks come from that stand in one of the texts, in whatever way that writes their Chinese signs.

    Hundreds of marks in megabytes: only those are looked for whose end stands somewhere among the hexadecimal digits of the text.
    """
    plain = {sign.removeprefix(_BIRD): place for sign, place in marks.items()}
    ends: dict[str, list[str]] = {}
    for sign in plain:
        ends.setdefault(sign[-_END:] if _HEX.fullmatch(sign[-_END:]) else "", []).append(sign)
    told = set()
    for text in texts:
        near = {run[at : at + _END] for run in _HEX.findall(text) for at in range(len(run) - _END + 1)}
        told |= {plain[sign] for end in near | {""} for sign in ends.get(end, ()) if sign in text}
    return sorted(told)


_OPEN = os.open


class Written:
    """What this process writes to files meanwhile, also into those that are gone by the end or never had a name.

    Each file is opened a second time, to be read, at the moment it is opened for writing. What SQLite writes by itself, its temporary files too, is not
    heard here: of the ledger it is encrypted, and the files that are left are read as well (``on_disk``).
    """

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], int] = {}

    def hold(self, descriptor: int) -> None:
        seen = os.fstat(descriptor)
        if stat.S_ISREG(seen.st_mode) and (seen.st_dev, seen.st_ino) not in self._held:
            self._held[seen.st_dev, seen.st_ino] = _OPEN(f"/proc/self/fd/{descriptor}", os.O_RDONLY)

    def read(self) -> str:
        """All of it, as far as it has been handed to the system."""
        told = []
        for descriptor in self._held.values():
            told.append(Path(f"/proc/self/fd/{descriptor}").read_bytes().decode("utf-8", "replace"))
        return "\n".join(told)

    def close(self) -> None:
        for descriptor in self._held.values():
            os.close(descriptor)
        self._held.clear()


@contextmanager
def hearing() -> Iterator[Written]:
    """Hear every file that Python code opens for writing."""
    written = Written()
    plain_open, plain_descriptor = io.open, os.open

    def heard_open(*given: Any, **named: Any) -> Any:
        stream = plain_open(*given, **named)
        if stream.writable():
            written.hold(stream.fileno())
        return stream

    def heard_descriptor(path: Any, flags: int, *given: Any, **named: Any) -> int:
        descriptor = plain_descriptor(path, flags, *given, **named)
        if flags & (os.O_WRONLY | os.O_RDWR):
            written.hold(descriptor)
        return descriptor

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(io, "open", heard_open)
        patch.setattr(builtins, "open", heard_open)
        patch.setattr(os, "open", heard_descriptor)
        try:
            yield written
        finally:
            written.close()
