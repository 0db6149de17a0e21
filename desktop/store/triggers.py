"""What the database itself enforces, generated from the schema.

Every journalled table writes its own journal and refuses a write outside a named operation; facts refuse change and
deletion; the rules that money hangs on (posted records, used fee lines, overlap, four eyes, settle once) are here too,
so that no second way in can break them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from desktop.ledger.attachment import EVERY_SUBJECT
from desktop.ledger.service_record import TOLD_OF_REVERSAL
from desktop.store import (
    schema,
    schema_evidence,
    schema_money,
    schema_pilot,
    schema_purchases,
    schema_system,
    schema_transfer,
)
from desktop.store.columns import metadata
from desktop.store.reach import HUB, NETWORK
from desktop.store.tables import primary_key

_COUNTING = "r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"


def journalled() -> list[Table]:
    """The tables whose every change is journalled, facts included, in order of dependence."""
    return [t for t in metadata.sorted_tables if t.info["manner"] in ("journalled", "facts")]


def _kept(table: Table, row: str) -> str:
    pairs = ", ".join(f"'{c.name}', {row}.{c.name}" for c in table.columns)
    return f"json_object({pairs})"


def _entry(table: Table, verb: str) -> str:
    # journal.operation is NOT NULL: without an open operation the entry, and with it the write, is refused.
    row = "OLD" if verb == "delete" else "NEW"
    old = "NULL" if verb == "insert" else _kept(table, "OLD")
    return (
        f"INSERT INTO journal (operation, kind, key, verb, old) VALUES "
        f"((SELECT seq FROM open_operation), '{table.name}', {row}.{primary_key(table)}, '{verb}', {old});"
    )


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _same(table: Table, *but: str) -> str:
    return " AND ".join(f"NEW.{c.name} IS OLD.{c.name}" for c in table.columns if c.name not in but)


def _refuse(name: str, verb: str, table: Table, condition: str, words: str) -> str:
    return _trigger(name, f"BEFORE {verb} ON {table.name} WHEN {condition}", f"SELECT RAISE(ABORT, '{words}');")


def statements() -> Iterator[str]:
    """All CREATE TRIGGER statements, in a fixed order."""
    for table in journalled():
        for verb in ("insert", "update", "delete"):
            fixed = table.info["manner"] == "facts" and verb != "insert"
            moves = _moves(table) if verb == "update" else ()
            if fixed:
                still = " AND ".join(f"NOT ({move})" for move in moves) or "1"
                yield _refuse(f"fact_{table.name}_{verb}", verb.upper(), table, still, "a fact never changes")
            if not fixed or moves:
                yield _trigger(f"journal_{table.name}_{verb}", f"AFTER {verb.upper()} ON {table.name}", _entry(table, verb))
    for table in (schema_system.operation, schema_system.journal, schema_system.journal_after):
        for verb in ("UPDATE", "DELETE"):
            yield _refuse(f"fact_{table.name}_{verb.lower()}", verb, table, "1", "the journal never changes")
    yield from _confidentiality()
    yield from _transfers()
    yield from _records()
    yield from _fees()
    yield from _payouts()
    yield from _attachments()
    yield from _purchases()
    yield from _pilot()


def _moves(table: Table) -> tuple[str, ...]:
    """SQL: what may become of a fact all the same."""
    if table is schema_money.posting:
        return _follows(table), _gives_way(table, "OLD.confidential = 0"), _renumbered(table, "record_number", "OLD.record_id")
    if table is schema_money.receipt:
        return (_gives_way(table, "EXISTS (SELECT 1 FROM posting p WHERE p.id = OLD.posting_id AND p.confidential = 0)"),)
    return ()


def _gives_way(table: Table, ordinary: str) -> str:
    """SQL: a reversal that no remote holds becomes what a remote holds of it: the day and the reason of another seat, which sent it first."""
    told = TOLD_OF_REVERSAL[table.name]
    held = f"SELECT 1 FROM sync_base b WHERE b.remote IN ('{HUB}', '{NETWORK}') AND b.kind = '{table.name}' AND b.key = OLD.id AND b.body IS NOT NULL"
    names = [c.name for c in table.columns if c.info["reach"] != "local"]
    theirs = " AND ".join(f"coalesce(json_extract(b.body, '$.{name}'), OLD.{name}) IS NEW.{name}" for name in names)
    otherwise = " OR ".join(f"coalesce(json_extract(b.body, '$.{name}'), NEW.{name}) IS NOT NEW.{name}" for name in told)
    return (
        f"OLD.reverses IS NOT NULL AND {ordinary} AND {_same(table, *told)} "
        f"AND EXISTS ({held} AND {theirs}) AND NOT EXISTS ({held} AND ({otherwise}))"
    )


def _renumbered(table: Table, name: str, record: str) -> str:
    """SQL: nothing but the number changes, of a record that no remote holds: it was given twice, and nobody else has seen it with this one."""
    held = f"SELECT 1 FROM sync_base b WHERE b.remote IN ('{HUB}', '{NETWORK}') AND b.kind = 'service_record' AND b.key = {record} AND b.body IS NOT NULL"
    return f"{_same(table, name)} AND NOT EXISTS ({held})"


def _follows(table: Table) -> str:
    """SQL: nothing but the confidentiality of a row changes, to that of its instrument."""
    flag = "(SELECT coalesce(i.confidential, 0) FROM instrument i WHERE i.id = NEW.instrument_id)"
    return f"{_same(table, 'confidential')} AND NEW.confidential = {flag}"


def _confidentiality() -> Iterator[str]:
    change = schema.reclassification
    newest = "(SELECT max(n.rowid) FROM reclassification n WHERE n.instrument_id = OLD.id)"
    decided = f"EXISTS (SELECT 1 FROM reclassification c WHERE c.rowid = {newest} AND {{}})"
    opened = decided.format("((c.to_confidential = 0 AND c.state = 'approved') OR (c.to_confidential = 1 AND c.state = 'declined'))")
    closed = decided.format("c.to_confidential = 1 AND c.state IN ('prepared', 'approved')")
    # The newest change decides, so that one that was approved long ago opens nothing twice.
    yield _refuse(
        "instrument_reclassified",
        "UPDATE",
        schema.instrument,
        f"(OLD.confidential IS 1 AND NEW.confidential IS NOT 1 AND NOT {opened}) "
        f"OR (OLD.confidential IS 0 AND NEW.confidential IS 1 AND NOT {closed})",
        "confidentiality never changes but by two people",
    )
    free = ("state", "decided_by", "decided_at", "note")
    yield _refuse(
        "reclassification_insert",
        "INSERT",
        change,
        "NEW.state <> 'prepared' OR NEW.to_confidential IS (SELECT i.confidential FROM instrument i WHERE i.id = NEW.instrument_id)",
        "a reclassification begins prepared",
    )
    yield _refuse(
        "reclassification_update",
        "UPDATE",
        change,
        f"OLD.state <> 'prepared' OR NOT ({_same(change, *free)})",
        "a reclassification never changes once decided",
    )
    yield _refuse("reclassification_delete", "DELETE", change, "1", "a reclassification never changes once decided")


def _transfers() -> Iterator[str]:
    change = schema_transfer.transfer
    deciding = ("state", "decided_by", "decided_at", "note", "document")
    handing = ("state", "handed_on", "gave", "took", "parts")
    forward = (
        f"(OLD.state = 'prepared' AND NEW.state IN ('approved', 'declined', 'withdrawn') AND {_same(change, *deciding)}) "
        f"OR (OLD.state = 'approved' AND NEW.state = 'handed_over' AND {_same(change, *handing)})"
    )
    yield _refuse("transfer_insert", "INSERT", change, "NEW.state <> 'prepared'", "a transfer begins prepared")
    yield _refuse("transfer_update", "UPDATE", change, f"NOT ({forward})", "a transfer goes forward only")
    yield _refuse("transfer_delete", "DELETE", change, "1", "a transfer goes forward only")


def _records() -> Iterator[str]:
    record = schema.service_record
    yield _refuse(
        "posted_record_update",
        "UPDATE",
        record,
        f"OLD.state <> 'draft' AND NOT (OLD.state = 'posted' AND NEW.state = 'reversed' AND {_same(record, 'state')}) "
        # Reversed here and posted at another seat: it is posted, for a posting of it stands.
        f"AND NOT (OLD.state = 'reversed' AND NEW.state = 'posted' AND {_same(record, 'state')} AND EXISTS (SELECT 1 FROM posting p "
        "WHERE p.record_id = OLD.id AND p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id))) "
        f"AND NOT ({_follows(record)}) AND NOT ({_renumbered(record, 'number', 'OLD.id')})",
        "a posted record never changes",
    )
    yield _refuse("posted_record_delete", "DELETE", record, "OLD.state <> 'draft'", "a posted record never changes")
    yield _refuse(
        "posting_reverses",
        "INSERT",
        schema_money.posting,
        "NEW.reverses IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.id = NEW.reverses AND p.reverses IS NULL "
        "AND p.record_id = NEW.record_id AND p.amount_fen = -NEW.amount_fen AND p.minutes = -NEW.minutes)",
        "a reversal mirrors its posting",
    )
    yield _refuse(
        "posting_once",
        "INSERT",
        schema_money.posting,
        # The sign keeps the database from going through every original by the index of ``reverses``.
        "NEW.reverses IS NULL AND EXISTS (SELECT 1 FROM posting p WHERE p.record_id = NEW.record_id AND +p.reverses IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id))",
        "a record is posted once: posting.record_id",
    )
    yield _refuse(
        "receipt_reverses",
        "INSERT",
        schema_money.receipt,
        "(NEW.reverses IS NULL AND NEW.fen <= 0) OR (NEW.reverses IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM receipt r WHERE r.id = NEW.reverses AND r.posting_id = NEW.posting_id AND r.fen = -NEW.fen))",
        "a reversal mirrors its receipt",
    )


def _fees() -> Iterator[str]:
    schedule = schema.fee_schedule
    overlap = (
        "NEW.state <> 'draft' AND EXISTS (SELECT 1 FROM fee_schedule s WHERE s.instrument_id = NEW.instrument_id AND s.id <> NEW.id "
        "AND s.state <> 'draft' AND (s.to_on IS NULL OR s.to_on > NEW.from_on) AND (NEW.to_on IS NULL OR NEW.to_on > s.from_on))"
    )
    for verb in ("INSERT", "UPDATE"):
        yield _refuse(f"fee_overlap_{verb.lower()}", verb, schedule, overlap, "fee versions overlap")
    yield _refuse(
        "fee_schedule_used",
        "UPDATE",
        schedule,
        "EXISTS (SELECT 1 FROM posting p WHERE p.schedule_id = OLD.id) AND "
        f"(NOT ({_same(schedule, 'to_on', 'state', 'note', 'approved_by')}) OR NEW.state = 'draft' OR EXISTS "
        "(SELECT 1 FROM posting p WHERE p.schedule_id = OLD.id AND NEW.to_on IS NOT NULL AND p.ended_on >= NEW.to_on))",
        "a used fee version never changes",
    )
    yield _refuse(
        "fee_line_used",
        "UPDATE",
        schema.fee_line,
        f"EXISTS (SELECT 1 FROM posting p WHERE p.line_id = OLD.id) AND NOT ({_same(schema.fee_line, 'note')})",
        "a used fee line never changes",
    )


def _payouts() -> Iterator[str]:
    run = schema_money.payout_run
    free = ("number", "state", "approved_by", "approved_at", "closed_by", "closed_at")
    moves = (
        "(OLD.state = NEW.state) OR (OLD.state = 'prepared' AND NEW.state IN ('approved', 'withdrawn')) OR "
        "(OLD.state = 'approved' AND NEW.state IN ('closed', 'reversed')) OR (OLD.state = 'closed' AND NEW.state = 'reversed') "
        # What two seats did to one run meets here: withdrawn at one and approved at the other; two reversals, of which one gives way.
        "OR (OLD.state = 'withdrawn' AND NEW.reverses IS NULL AND NEW.state = 'reversed') "
        "OR (OLD.state = 'withdrawn' AND NEW.reverses IS NOT NULL AND NEW.state IN ('approved', 'closed')) "
        "OR (OLD.state IN ('approved', 'closed') AND NEW.reverses IS NOT NULL AND NEW.state = 'withdrawn')"
    )
    yield _refuse(
        "payout_run_update",
        "UPDATE",
        run,
        # A number that another seat had sent before is told apart by what follows it.
        f"NOT ({_same(run, *free)}) OR NOT (NEW.number = OLD.number OR NEW.number GLOB OLD.number || '-[2-9]*') OR NOT ({moves}) "
        # Two people approved it, each at their seat: a person has decided which of the two it was.
        "OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS NOT OLD.approved_by "
        "AND NOT EXISTS (SELECT 1 FROM sync_conflict WHERE kind = 'payout_run' AND key = OLD.id))",
        "a payout run only moves forward",
    )
    yield _refuse("payout_run_delete", "DELETE", run, "1", "a payout run is withdrawn or reversed, never deleted")
    yield _refuse(
        "payout_line_once",
        "INSERT",
        schema_money.payout_line,
        # Once as a whole or by its receipts, never both; taking back counts too. A reversing run repeats what it reverses;
        # a run that is withdrawn or reversed when it arrives from another seat holds nothing.
        f"EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND {_COUNTING}) AND EXISTS "
        "(SELECT 1 FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE l.posting_id = NEW.posting_id AND l.run_id <> NEW.run_id "
        f"AND (l.receipt_id IS NEW.receipt_id OR (l.receipt_id IS NULL) <> (NEW.receipt_id IS NULL)) AND {_COUNTING})",
        "settled already",
    )
    mark = schema_money.payout_mark
    yield _refuse(
        "payout_mark_update",
        "UPDATE",
        mark,
        f"NOT ({_same(mark, 'run_number', 'released')}) OR NEW.released < OLD.released",
        "a payout mark only moves forward",
    )
    yield _refuse("payout_mark_delete", "DELETE", mark, "1", "a payout mark is released, never deleted")
    yield from _costs()


def _costs() -> Iterator[str]:
    row = schema_money.cost_row
    counts = f"EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND {_COUNTING})"
    run_is = "EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS {})"
    days = "CAST(julianday({}) - julianday(k.period_from) AS INTEGER)"
    # What is due before a day, half up in integers; see rules.cost_parts: every day of a period has its fen.
    due = "(2 * k.fen * {n} + {of}) / (2 * {of})"
    of = f"({days.format('k.period_to')} + 1)"
    before, until = due.format(n=days.format("NEW.from_on"), of=of), due.format(n=f"({days.format('NEW.to_on')} + 1)", of=of)
    yield _refuse(
        "payout_cost_part",
        "INSERT",
        schema_money.payout_cost,
        f"{run_is.format('NULL')} AND NOT EXISTS (SELECT 1 FROM cost_row k WHERE k.id = NEW.cost_row_id AND NOT (k.withdrawn AND {counts}) "
        f"AND NEW.from_on >= k.period_from AND NEW.to_on <= k.period_to AND NEW.fen = {until} - {before})",
        "a part of a cost is what falls on its days",
    )
    yield _refuse(
        "payout_cost_once",
        "INSERT",
        schema_money.payout_cost,
        # No day of a declared cost is deducted twice, whatever the run.
        f"{counts} AND EXISTS (SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id "
        f"WHERE c.cost_row_id = NEW.cost_row_id AND c.from_on <= NEW.to_on AND c.to_on >= NEW.from_on AND {_COUNTING})",
        "settled already",
    )
    yield _refuse(
        "payout_cost_reverses",
        "INSERT",
        schema_money.payout_cost,
        f"{run_is.format('NOT NULL')} AND NOT EXISTS (SELECT 1 FROM payout_run r JOIN payout_cost c ON c.run_id = r.reverses "
        "WHERE r.id = NEW.run_id AND c.cost_row_id = NEW.cost_row_id AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on AND c.fen = -NEW.fen)",
        "a reversal mirrors its costs",
    )
    yield _refuse(
        "cost_row_used",
        "UPDATE",
        row,
        # What a withdrawn or reversed run named stays as it was named, but may be taken back.
        f"EXISTS (SELECT 1 FROM payout_cost c WHERE c.cost_row_id = OLD.id) AND (NOT ({_same(row, 'withdrawn')}) OR EXISTS "
        f"(SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id WHERE c.cost_row_id = OLD.id AND {_COUNTING}))",
        "a used cost row never changes",
    )


def _attachments() -> Iterator[str]:
    attachment, part = schema_evidence.attachment, schema_evidence.evidence_part
    there = " OR ".join(f"(NEW.of_kind = '{kind}' AND EXISTS (SELECT 1 FROM {kind} s WHERE s.id = NEW.of_id))" for kind in EVERY_SUBJECT)
    lost = "NEW.kept = 1 AND NOT EXISTS (SELECT 1 FROM evidence_part p WHERE p.sha256 = NEW.sha256)"
    for verb in ("INSERT", "UPDATE"):
        yield _refuse(f"attachment_of_{verb.lower()}", verb, attachment, f"NOT ({there})", "an attachment belongs to a row that is there")
        yield _refuse(f"attachment_kept_{verb.lower()}", verb, attachment, lost, "the bytes of the attachment are gone")
    for kind in EVERY_SUBJECT:
        held = f"EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = '{kind}' AND a.of_id = OLD.id)"
        yield _refuse(f"attachment_holds_{kind}", "DELETE", metadata.tables[kind], held, "attachments hang on it")
    used = "EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = OLD.sha256 AND a.kept = 1)"
    yield _refuse("evidence_part_delete", "DELETE", part, used, "bytes in use never change")
    yield _refuse("evidence_part_update", "UPDATE", part, "1", "bytes in use never change")


def _purchases() -> Iterator[str]:
    proposal, review = schema_purchases.purchase_proposal, schema_purchases.purchase_review
    yield _refuse("purchase_proposal_insert", "INSERT", proposal, "NEW.state <> 'draft'", "a purchase never changes once settled")
    # Reviewed only with an opinion that settles it.
    settled = "EXISTS (SELECT 1 FROM purchase_review r WHERE r.proposal_id = OLD.id AND r.opinion <> 'revise')"
    yield _refuse(
        "purchase_proposal_update",
        "UPDATE",
        proposal,
        f"OLD.state <> 'draft' OR (NEW.state <> 'draft' AND NOT ({_same(proposal, 'state')})) OR (NEW.state = 'reviewed') IS NOT {settled}",
        "a purchase never changes once settled",
    )
    yield _refuse("purchase_proposal_delete", "DELETE", proposal, "OLD.state <> 'draft'", "a purchase never changes once settled")
    yield _refuse(
        "purchase_review_insert",
        "INSERT",
        review,
        "NOT EXISTS (SELECT 1 FROM purchase_proposal p WHERE p.id = NEW.proposal_id AND p.state = 'draft')",
        "a purchase never changes once settled",
    )
    yield _refuse(
        "purchase_review_two_people",
        "INSERT",
        review,
        "EXISTS (SELECT 1 FROM purchase_proposal p WHERE p.id = NEW.proposal_id AND p.prepared_by = NEW.reviewed_by)",
        "a purchase is reviewed by another person",
    )


def _pilot() -> Iterator[str]:
    said = schema_pilot.pilot_openness
    # A history that is written over tells nothing; undo takes the newest back whole.
    # A base or equipment that another seat entered too takes the key of theirs, and for that moment is called by it: what was said of it goes along.
    goes_along = " AND ".join(
        f"(NEW.{name} IS OLD.{name} OR EXISTS (SELECT 1 FROM {kind} t WHERE t.id = NEW.{name} AND t.number LIKE '% (' || NEW.{name} || ')'))"
        for name, kind in (("base_id", "pilot_base"), ("equipment_id", "pilot_equipment"))
    )
    told = " AND ".join(f"NEW.{c.name} IS OLD.{c.name}" for c in said.columns if c.name not in ("base_id", "equipment_id"))
    yield _refuse("pilot_openness_update", "UPDATE", said, f"NOT ({told} AND {goes_along})", "an open state never changes once said")
    # Equipment of the register serves the records of its own set only.
    service = schema_pilot.pilot_service
    for verb in ("INSERT", "UPDATE"):
        yield _refuse(
            f"pilot_service_{verb.lower()}",
            verb,
            service,
            "NEW.equipment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pilot_equipment e JOIN service_record r ON r.id = NEW.record_id "
            "WHERE e.id = NEW.equipment_id AND (e.instrument_id IS NULL OR e.instrument_id = r.instrument_id))",
            "a pilot service is served on its own set",
        )
