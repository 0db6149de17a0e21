"""Declared costs and money received, from files: facts that are added, never changed; a row that is there already is unchanged."""

from __future__ import annotations

from desktop.actions.costs import kind_code
from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.actions.workspace import today
from desktop.formats import costs, receipts
from desktop.formats.costs import CostRow as CostFileRow
from desktop.formats.reading import Sheet
from desktop.formats.receipts import ReceiptRow
from desktop.ledger import money
from desktop.ledger.allocation import CostRow
from desktop.ledger.document_number import compared
from desktop.ledger.keys import new_key
from desktop.ledger.service_record import Receipt
from desktop.rules import settlement_checks
from desktop.store.database import Connection, Operation
from desktop.store.facts import RECEIPTS
from desktop.store.last_posted import LAST_POSTED
from desktop.store.payouts import COST_ROWS


class _Costs(Unasked):
    """Rows of the cost statement."""

    read_rows = staticmethod(costs.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[CostFileRow], options: Options) -> Weighed:
        weighed = Weighed()
        assets = Assets(connection)
        standing = COST_ROWS.find(connection, "NOT withdrawn")
        known = {_same(one) for one in standing}
        for row in sheet.rows:
            instrument_id = assets.key(row.asset_number) if row.asset_number is not None else None
            if row.asset_number is not None and instrument_id is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            secret = row.asset_number is not None and assets.secret(row.asset_number)
            key = new_key(confidential=secret)
            new = CostRow(key, kind_code(row.kind), instrument_id, row.starts_on, row.ends_on, row.amount_fen, row.document)
            errors = [f for f in settlement_checks.cost_faults(new) if f.severity == "error"]
            if errors:
                weighed.refuse(sheet, row.row, "kind", errors[0].code, **dict(errors[0].params))
                continue
            if _same(new) in known:
                weighed.unchanged += 1
                continue
            weighed.new.append(new)
            weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        COST_ROWS.insert(operation.connection, weighed.new)


class _Receipts(Unasked):
    """Money received, by record number."""

    read_rows = staticmethod(receipts.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[ReceiptRow], options: Options) -> Weighed:
        weighed = Weighed()
        posted = {
            row[0]: (row[1], row[2], bool(row[3]))
            for row in connection.exec_driver_sql(
                "SELECT p.record_number, p.id, p.amount_fen, p.confidential FROM posting p JOIN service_record r ON r.id = p.record_id "
                f"WHERE {LAST_POSTED.format('p')} AND r.state = 'posted'"
            )
        }
        got: dict[str, int] = {}
        known = set()
        for receipt in RECEIPTS.find(connection):
            got[receipt.posting_id] = got.get(receipt.posting_id, 0) + receipt.fen
            known.add((receipt.posting_id, receipt.received_on, receipt.fen, compared(receipt.invoice_number)))
        for row in sheet.rows:
            found = posted.get(row.record_number)
            if found is None:
                weighed.refuse(sheet, row.row, "record_number", "ledger_import.unknown_record", number=row.record_number)
                continue
            key, due, secret = found
            if (key, row.received_on, row.amount_fen, compared(row.invoice_number)) in known:
                weighed.unchanged += 1
                continue
            if row.received_on > today():
                weighed.refuse(sheet, row.row, "received_on", "receipt.future", on=row.received_on)
                continue
            if got.get(key, 0) + row.amount_fen > due:
                weighed.refuse(
                    sheet, row.row, "amount_fen", "ledger_import.receipt_too_much", number=row.record_number, due=money.text(due)
                )
                continue
            got[key] = got.get(key, 0) + row.amount_fen
            weighed.new.append(Receipt(new_key(confidential=secret), key, row.received_on, row.amount_fen, row.invoice_number))
            weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        RECEIPTS.insert(operation.connection, weighed.new)


def _same(one: CostRow) -> tuple[object, ...]:
    return one.kind, one.instrument_id, one.period_from, one.period_to, one.fen, compared(one.document)


COSTS_IMPORT = _Costs()
RECEIPTS_IMPORT = _Receipts()
