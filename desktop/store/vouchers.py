"""Vouchers as rows, and the questions of this subject: the postings of a year with their net fee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desktop.ledger.voucher_rows import (
    OutsideUse,
    SearchMade,
    VoucherClaim,
    VoucherClaimLine,
    VoucherClaimStep,
    VoucherEnterprise,
    VoucherGroup,
    VoucherMark,
    VoucherPaper,
)
from desktop.store import schema_voucher
from desktop.store.database import Connection
from desktop.store.rows import Codec

ENTERPRISES = Codec(VoucherEnterprise, schema_voucher.voucher_enterprise)
GROUPS = Codec(VoucherGroup, schema_voucher.voucher_group)
MARKS = Codec(VoucherMark, schema_voucher.voucher_mark)
SEARCHES = Codec(SearchMade, schema_voucher.province_search)
OUTSIDE = Codec(OutsideUse, schema_voucher.outside_use)
CLAIMS = Codec(VoucherClaim, schema_voucher.voucher_claim)
LINES = Codec(VoucherClaimLine, schema_voucher.voucher_claim_line)
# Two seats may take a step within one minute: to the minute, their keys would say which came first.
STEPS = Codec(
    VoucherClaimStep, schema_voucher.voucher_claim_step, at=(datetime.fromisoformat, lambda at: at.isoformat(timespec="milliseconds"))
)
PAPERS = Codec(VoucherPaper, schema_voucher.voucher_paper)


@dataclass(frozen=True, slots=True)
class Charged:
    """A posted external record: its fee net of reversals, in fen."""

    record_id: str
    number: str
    customer_id: str
    started_on: date
    ended_at: datetime
    confidential: bool
    fee_fen: int


_CHARGED = (
    "SELECT r.id, r.number, r.customer_id, r.started_at, r.ended_at, r.confidential OR coalesce(i.confidential, 0), "
    "(SELECT sum(p.amount_fen) FROM posting p WHERE p.record_id = r.id) "
    "FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
    "WHERE r.id IN (SELECT record_id FROM posting WHERE external = 1 AND ended_on >= ? AND ended_on < ?) "
    "ORDER BY r.ended_at, r.number"
)


def charged(connection: Connection, start: date, end: date) -> Iterator[Charged]:
    """The external records that ended on ``[start, end)`` and were posted, reversed ones too (with what is left of their fee)."""
    for row in connection.exec_driver_sql(_CHARGED, (start.isoformat(), end.isoformat())):
        key, number, customer, began, ended, secret, fee = row
        yield Charged(key, number, customer, datetime.fromisoformat(began).date(), datetime.fromisoformat(ended), bool(secret), fee)


@dataclass(frozen=True, slots=True)
class UseNamed:
    """A use by its number: what kind of row it is, whose, and the year it counts in."""

    kind: str
    id: str
    customer_id: str
    year: int


def use_named(connection: Connection, number: str) -> UseNamed | None:
    """A service record with a customer or a use elsewhere; a confidential one is none."""
    sql = (
        "SELECT 'service_record', r.id, r.customer_id, r.ended_at FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
        "WHERE r.number = ?1 AND r.customer_id IS NOT NULL AND r.confidential = 0 AND coalesce(i.confidential, 0) = 0 "
        "UNION ALL SELECT 'outside_use', id, customer_id, ended_at FROM outside_use WHERE number = ?1"
    )
    row = connection.exec_driver_sql(sql, (number,)).first()
    return None if row is None else UseNamed(row[0], row[1], row[2], int(row[3][:4]))


USES = ("service_record", "outside_use")
"""The kinds of rows that claims and papers name by their key alone; nothing but the questions below keeps them together."""


def named_by(connection: Connection, use_id: str) -> str | None:
    """The number of a claim that names a use, whatever became of it; None when none does."""
    sql = "SELECT c.number FROM voucher_claim_line l JOIN voucher_claim c ON c.id = l.claim_id WHERE l.use_id = ? ORDER BY c.number LIMIT 1"
    row = connection.exec_driver_sql(sql, (use_id,)).first()
    return None if row is None else str(row[0])


def claim_naming(connection: Connection, keys: Sequence[str]) -> tuple[str, str] | None:
    """The number of one of these uses that a claim names which was not withdrawn, and that claim's; None when none does."""
    for key in keys:
        row = connection.exec_driver_sql(
            "SELECT coalesce(r.number, u.number, ''), c.number FROM voucher_claim_line l JOIN voucher_claim c ON c.id = l.claim_id "
            "LEFT JOIN service_record r ON r.id = l.use_id LEFT JOIN outside_use u ON u.id = l.use_id WHERE l.use_id = ? "
            "AND NOT EXISTS (SELECT 1 FROM voucher_claim_step w WHERE w.claim_id = c.id AND w.verb = 'withdraw') ORDER BY c.number LIMIT 1",
            (key,),
        ).first()
        if row is not None:
            return str(row[0]), str(row[1])
    return None


def marked(connection: Connection, keys: Iterable[str], but: Iterable[str] = ()) -> str | None:
    """The number of one of these service records that carries a mark other than ``but`` (keys of marks); None when none does."""
    asked, left = set(keys), set(but)
    rows = connection.exec_driver_sql("SELECT r.id, m.id, r.number FROM voucher_mark m JOIN service_record r ON r.id = m.record_id ORDER BY r.number")
    return next((str(number) for record, mark, number in rows if record in asked and mark not in left), None)


def drop_papers(connection: Connection, keys: Sequence[str]) -> None:
    """Remove the papers of uses that are about to be removed; undo brings both back."""
    if keys:
        connection.exec_driver_sql("DELETE FROM voucher_paper WHERE use_id = ?", [(key,) for key in keys])


def parts(connection: Connection, claim_id: str) -> tuple[tuple[VoucherClaimLine, ...], tuple[VoucherClaimStep, ...]]:
    """The lines and the steps of a claim, in an order that is the same at every seat."""
    lines = LINES.find(connection, "claim_id = ?", (claim_id,), "position, id")
    return tuple(lines), tuple(STEPS.find(connection, "claim_id = ?", (claim_id,), "position, at, id"))
