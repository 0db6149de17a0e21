"""Changes of confidentiality as rows, what follows them, and what hangs on an instrument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.ledger.reclassification import Reclassification
from desktop.store import schema
from desktop.store.database import Connection
from desktop.store.rows import Codec

RECLASSIFICATIONS = Codec(Reclassification, schema.reclassification)

_FLAG = "(SELECT coalesce(i.confidential, 0) FROM instrument i WHERE i.id = {table}.instrument_id)"


def of_instrument(connection: Connection, instrument_id: str) -> list[Reclassification]:
    """Every change prepared for an instrument, the newest first."""
    return RECLASSIFICATIONS.find(connection, "instrument_id = ?", (instrument_id,), "rowid DESC")


def waiting(connection: Connection, instrument_id: str) -> Reclassification | None:
    """The change that waits for another person, if one does."""
    return RECLASSIFICATIONS.one(connection, "instrument_id = ? AND state = 'prepared'", (instrument_id,))


def follow(connection: Connection, instrument_ids: Iterable[str]) -> None:
    """Records and postings are as confidential as their instrument: nothing else of them changes, and their keys stay."""
    for key in instrument_ids:
        for table in ("service_record", "posting"):
            flag = _FLAG.format(table=table)
            connection.exec_driver_sql(
                f"UPDATE {table} SET confidential = {flag} WHERE instrument_id = ? AND confidential <> {flag}", (key,)
            )


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on an instrument: records, postings, fee versions, and the rows of it that remotes hold, by remote."""

    n_records: int
    n_postings: int
    n_versions: int
    n_sent: tuple[tuple[str, int], ...]


# A claim is whole: with one use of the set all its lines and steps hang on it.
_CLAIMS = "(SELECT x.claim_id FROM voucher_claim_line x JOIN service_record r ON r.id = x.use_id WHERE r.instrument_id = ?1)"
OWN = (
    "SELECT 'instrument' AS kind, ?1 AS key UNION ALL SELECT 'service_record', id FROM service_record WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'posting', id FROM posting WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'receipt', t.id FROM receipt t JOIN posting p ON p.id = t.posting_id WHERE p.instrument_id = ?1 "
    "UNION ALL SELECT 'fee_schedule', id FROM fee_schedule WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'fee_line', l.id FROM fee_line l JOIN fee_schedule s ON s.id = l.schedule_id WHERE s.instrument_id = ?1 "
    "UNION ALL SELECT 'cost_component', c.id FROM cost_component c JOIN fee_schedule s ON s.id = c.schedule_id WHERE s.instrument_id = ?1 "
    "UNION ALL SELECT 'cost_row', id FROM cost_row WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'sensor_binding', id FROM sensor_binding WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'power_band', id FROM power_band WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'pilot_equipment', id FROM pilot_equipment WHERE instrument_id = ?1 "
    "UNION ALL SELECT 'pilot_openness', o.id FROM pilot_openness o JOIN pilot_equipment e ON e.id = o.equipment_id WHERE e.instrument_id = ?1 "
    "UNION ALL SELECT 'pilot_service', v.id FROM pilot_service v JOIN service_record s ON s.id = v.record_id WHERE s.instrument_id = ?1 "
    "UNION ALL SELECT 'voucher_mark', m.id FROM voucher_mark m JOIN service_record r ON r.id = m.record_id WHERE r.instrument_id = ?1 "
    "UNION ALL SELECT 'voucher_paper', p.id FROM voucher_paper p JOIN service_record r ON r.id = p.use_id WHERE r.instrument_id = ?1 "
    f"UNION ALL SELECT 'voucher_claim', id FROM voucher_claim WHERE id IN {_CLAIMS} "
    f"UNION ALL SELECT 'voucher_claim_line', id FROM voucher_claim_line WHERE claim_id IN {_CLAIMS} "
    f"UNION ALL SELECT 'voucher_claim_step', id FROM voucher_claim_step WHERE claim_id IN {_CLAIMS} "
    "UNION ALL SELECT 'attachment', id FROM attachment WHERE of_id = ?1 "
    f"OR (of_kind = 'voucher_claim' AND of_id IN {_CLAIMS}) "
    "OR (of_kind = 'service_record' AND of_id IN (SELECT id FROM service_record WHERE instrument_id = ?1)) "
    "OR (of_kind = 'fee_schedule' AND of_id IN (SELECT id FROM fee_schedule WHERE instrument_id = ?1)) "
    "OR (of_kind = 'pilot_equipment' AND of_id IN (SELECT id FROM pilot_equipment WHERE instrument_id = ?1)) "
    "OR (of_kind = 'cost_row' AND of_id IN (SELECT id FROM cost_row WHERE instrument_id = ?1)) "
    "OR (of_kind = 'receipt' AND of_id IN (SELECT t.id FROM receipt t JOIN posting p ON p.id = t.posting_id WHERE p.instrument_id = ?1))"
)


def hanging(connection: Connection, instrument_id: str) -> Hanging:
    """Counts for the words that tell what a change means."""

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(sql, (instrument_id,)).scalar_one())

    sent = connection.exec_driver_sql(
        f"SELECT b.remote, count(*) FROM sync_base b JOIN ({OWN}) o ON o.kind = b.kind AND o.key = b.key "
        "WHERE b.body IS NOT NULL GROUP BY b.remote ORDER BY b.remote",
        (instrument_id,),
    )
    return Hanging(
        count("SELECT count(*) FROM service_record WHERE instrument_id = ?"),
        count("SELECT count(*) FROM posting WHERE instrument_id = ?"),
        count("SELECT count(*) FROM fee_schedule WHERE instrument_id = ?"),
        tuple((row[0], int(row[1])) for row in sent),
    )
