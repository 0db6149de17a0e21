"""The rows that are reported, in the form of the wire, and the bookkeeping of one remote. Plain values only.

What reaches which remote stands in ``reach``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer
from sqlcipher3 import dbapi2

from desktop.ledger.attachment import SUBJECTS
from desktop.store import asked_back
from desktop.store.database import Connection, driver_rows
from desktop.store.reach import HIDDEN_INSTRUMENT, NETWORK, RUN_PARTS, columns, kinds, links, not_yet, secret, secret_one
from desktop.store.tables import primary_key, tables
from desktop.store.vouchers import USES
from desktop.words import known, say

Body = dict[str, Any]
Run = Callable[..., Any]
"""The driver's own ``execute``, as ``database.quick`` gives it."""


N_TREE_BYTES = 600_000
"""A tree behind a payout run that is larger in UTF-8 stays on its seat: quoted once more, and with the other texts of its run, it would
fill a batch. The same at every seat, for what is told of a tree is compared with what the hub holds."""
TREE_AWAY = ""
"""What is told of such a tree; it never takes the place of one that is here."""


def _told(kind: str, name: str) -> str:
    """SQL: what leaves of a column. The instruments a technician works on are a list of keys: confidential ones stay out of it."""
    if (kind, name) == ("payout_run", "figure"):
        return f"CASE WHEN length(CAST({kind}.{name} AS BLOB)) > {N_TREE_BYTES} THEN '{TREE_AWAY}' ELSE {kind}.{name} END"
    if (kind, name) != ("technician", "instruments"):
        return f"{kind}.{name}"
    ordinary = f"SELECT value FROM json_each(technician.instruments) WHERE value NOT IN {HIDDEN_INSTRUMENT} ORDER BY key"
    return (
        "CASE WHEN json_valid(technician.instruments) AND json_type(technician.instruments) = 'array' "
        # As text: within a JSON object the list itself would be told, which is never what the base holds.
        f"THEN (SELECT json_group_array(value) || '' FROM ({ordinary})) ELSE technician.instruments END"
    )


@cache
def _differs(kind: str, remote: str) -> str:
    """SQL: the rows of a kind that are to be reported and differ from the base of a remote; the database writes the canonical body itself."""
    parts = ", ".join(f"'{name}', {_told(kind, name)}" for name in sorted(columns(kind, remote)))
    return (
        f"FROM {kind} LEFT JOIN sync_base base ON base.remote = ? AND base.kind = '{kind}' AND base.key = {kind}.id "
        f"WHERE NOT ({secret(kind)}) AND NOT ({not_yet(kind, remote)}) AND base.body IS NOT json_object({parts})"
    )


def _recorded(kind: str, key: str) -> str:
    """SQL: when a person wrote a row last (or deleted it), by this device's clock; what a sync wrote is nobody's doing here."""
    return (
        f"(SELECT o.at FROM journal_after a JOIN operation o ON o.seq = a.operation WHERE a.kind = {kind} AND a.key = {key} "
        "AND o.name NOT IN ('sync', 'sync same') ORDER BY a.operation DESC LIMIT 1)"
    )


def recorded_at(run: Run, kind: str, key: str) -> str | None:
    """When a person wrote or deleted a row last: UTC, ISO text; None when nobody did here."""
    row = run(f"SELECT {_recorded('?1', '?2')}", (kind, key)).fetchone()
    return None if row[0] is None else str(row[0])


def differing(
    connection: Connection, kind: str, remote: str, after: tuple[bool, str] = (False, "")
) -> Iterator[tuple[str, Body, bool, str | None]]:
    """Key and body of every row of a kind that is to be reported and may differ from what a remote holds, whether it holds any, and
    ``recorded_at``.

    In the order of their keys, reversals last, and marks after those that were released; ``after`` is the place in that order from which on they are wanted.
    """
    names = columns(kind, remote)
    told = ", ".join(_told(kind, name) for name in names)
    # A row with fields of a newer version in its base comes out too: who reads this looks closer.
    wanted = f"SELECT base.token IS NOT NULL, {_recorded(repr(kind), f'{kind}.id')}, {told} {_differs(kind, remote)} AND {kind}.id > ?"
    late = f"{kind}.reverses IS NOT NULL" if "reverses" in names else f"{kind}.released = 0" if "released" in names else ""
    parts = [f"AND NOT ({late})", f"AND {late}"] if late else [""]
    reversal, start = after
    for part in parts[reversal:]:
        for row in driver_rows(connection, f"{wanted} {part} ORDER BY {kind}.id", (remote, start)):
            body = dict(zip(names, row[2:], strict=True))
            yield str(body["id"]), body, bool(row[0]), row[1]
        start = ""


def one(run: Run, kind: str, key: str, remote: str, runs: dict[str, bool] | None = None) -> tuple[Body | None, bool]:
    """The body of one row, and whether it is withheld (confidential, or not to be reported yet); (None, False): no such row.

    ``runs`` keeps whether a run is withheld, for its thousands of rows: to know it all that the run holds is read. Its owner forgets it
    when a row is written.
    """
    body = here(run, kind, key, remote)
    if body is None or not _stays_here(run, kind, key, body, remote, runs):
        return body, False
    return None, True


def _stays_here(run: Run, kind: str, key: str, body: Body, remote: str, runs: dict[str, bool] | None) -> bool:
    if runs is None or kind not in RUN_PARTS:
        return bool(run(_withheld(kind, remote), (key,)).fetchone()[0])
    its_run = str(body["run_id"])
    if its_run not in runs:
        row = run(_withheld("payout_run", remote), (its_run,)).fetchone()
        runs[its_run] = row is not None and bool(row[0])
    return runs[its_run]


def here(run: Run, kind: str, key: str, remote: str) -> Body | None:
    """The body of one row, also of one that is withheld."""
    row = run(_body(kind, remote), (key,)).fetchone()
    return None if row is None else dict(zip(columns(kind, remote), row, strict=True))


@cache
def _withheld(kind: str, remote: str) -> str:
    return f"SELECT ({secret_one(kind)}) OR ({not_yet(kind, remote)}) FROM {kind} WHERE id = ?"


@cache
def _body(kind: str, remote: str) -> str:
    return f"SELECT {', '.join(_told(kind, name) for name in columns(kind, remote))} FROM {kind} WHERE id = ?"


def n_differing(connection: Connection, remote: str) -> int:
    """How many rows differ from what a remote holds, deletions included: counted by the database, which writes the canonical body itself."""
    total = len({*deleted_here(connection, remote), *asked_back.open_places(connection, remote)})
    for kind in kinds(remote):
        total += int(connection.exec_driver_sql(f"SELECT count(*) {_differs(kind, remote)}", (remote,)).scalar_one())
    return total


def labels(connection: Connection, kind: str, keys: Sequence[str]) -> dict[str, str]:
    """What people call these rows: their number and name; a key that is not there is left out."""
    sql = _LABELS.get(kind)
    found: dict[str, str] = {}
    for start in range(0, len(keys) if sql else 0, 500):
        part = tuple(keys[start : start + 500])
        found |= {
            row[0]: _rule(row[1]) if kind == "parameter" else row[1].strip()
            for row in connection.exec_driver_sql(f"{sql} WHERE t.id IN ({','.join('?' * len(part))})", part)
        }
    return found


_LABELS = {
    "instrument": "SELECT t.id, t.asset_number || ' ' || t.name FROM instrument t",
    "customer": "SELECT t.id, t.name FROM customer t",
    "fee_schedule": "SELECT t.id, i.asset_number || ' ' || i.name || ' ' || t.from_on FROM fee_schedule t JOIN instrument i ON i.id = t.instrument_id",
    "fee_line": (
        "SELECT t.id, i.asset_number || ' ' || t.item FROM fee_line t JOIN fee_schedule s ON s.id = t.schedule_id "
        "JOIN instrument i ON i.id = s.instrument_id"
    ),
    "service_record": "SELECT t.id, t.number || ' ' || t.customer_name FROM service_record t",
    "posting": "SELECT t.id, t.record_number FROM posting t",
    "technician": "SELECT t.id, t.staff_number || ' ' || t.name FROM technician t",
    "person": "SELECT t.id, t.name FROM person t",
    "scheme": "SELECT t.id, t.name FROM scheme t",
    "payout_run": "SELECT t.id, t.number FROM payout_run t",
    "payout_mark": "SELECT t.id, t.run_number || ' ' || coalesce(p.record_number, '') FROM payout_mark t LEFT JOIN posting p ON p.id = t.posting_id",
    "payout_line": (
        "SELECT t.id, r.number || ' ' || p.record_number FROM payout_line t JOIN payout_run r ON r.id = t.run_id "
        "JOIN posting p ON p.id = t.posting_id"
    ),
    "payout_share": "SELECT t.id, r.number FROM payout_share t JOIN payout_run r ON r.id = t.run_id",
    "payout_cost": "SELECT t.id, r.number FROM payout_cost t JOIN payout_run r ON r.id = t.run_id",
    "receipt": "SELECT t.id, p.record_number || ' ' || t.invoice_number FROM receipt t JOIN posting p ON p.id = t.posting_id",
    "cost_row": "SELECT t.id, t.document || ' ' || t.period_from FROM cost_row t",
    "cost_component": (
        "SELECT t.id, i.asset_number || ' ' || i.name FROM cost_component t JOIN fee_schedule s ON s.id = t.schedule_id "
        "JOIN instrument i ON i.id = s.instrument_id"
    ),
    "pilot_base": "SELECT t.id, t.number || ' ' || t.name FROM pilot_base t",
    "pilot_partner": "SELECT t.id, t.name FROM pilot_partner t",
    "pilot_equipment": "SELECT t.id, t.number || ' ' || t.name FROM pilot_equipment t",
    "pilot_openness": (
        "SELECT t.id, coalesce(b.number || ' ' || b.name, e.number || ' ' || e.name, '') || ' ' || t.from_on FROM pilot_openness t "
        "LEFT JOIN pilot_base b ON b.id = t.base_id LEFT JOIN pilot_equipment e ON e.id = t.equipment_id"
    ),
    "pilot_service": "SELECT t.id, s.number FROM pilot_service t JOIN service_record s ON s.id = t.record_id",
    "sensor_binding": "SELECT t.id, t.sensor || ' ' || i.asset_number FROM sensor_binding t JOIN instrument i ON i.id = t.instrument_id",
    "power_band": "SELECT t.id, i.asset_number || ' ' || t.from_on FROM power_band t JOIN instrument i ON i.id = t.instrument_id",
    "voucher_enterprise": "SELECT t.id, c.name FROM voucher_enterprise t JOIN customer c ON c.id = t.customer_id",
    "voucher_group": "SELECT t.id, c.name || ' ' || t.from_on FROM voucher_group t JOIN customer c ON c.id = t.customer_id",
    "voucher_mark": "SELECT t.id, s.number FROM voucher_mark t JOIN service_record s ON s.id = t.record_id",
    "province_search": "SELECT t.id, t.asked || ' ' || t.searched_on FROM province_search t",
    "outside_use": "SELECT t.id, t.number || ' ' || t.instrument_name FROM outside_use t",
    "voucher_claim": "SELECT t.id, t.number FROM voucher_claim t",
    "voucher_claim_line": (
        "SELECT t.id, c.number || ' ' || coalesce(s.number, u.number, '') FROM voucher_claim_line t JOIN voucher_claim c ON c.id = t.claim_id "
        "LEFT JOIN service_record s ON s.id = t.use_id LEFT JOIN outside_use u ON u.id = t.use_id"
    ),
    "voucher_claim_step": "SELECT t.id, c.number || ' ' || t.on_day FROM voucher_claim_step t JOIN voucher_claim c ON c.id = t.claim_id",
    "voucher_paper": (
        "SELECT t.id, coalesce(s.number, u.number, '') || ' ' || t.number FROM voucher_paper t LEFT JOIN service_record s ON s.id = t.use_id "
        "LEFT JOIN outside_use u ON u.id = t.use_id"
    ),
    "month_event": "SELECT t.id, t.month FROM month_event t",
    "parameter": "SELECT t.id, t.name || ' ' || t.from_on FROM parameter t",
    "attachment": "SELECT t.id, t.name FROM attachment t",
    "notice": "SELECT t.id, t.title FROM notice t",
    "notice_answer": "SELECT t.id, coalesce((SELECT min(n.title) FROM notice n WHERE n.id = t.notice_id), '') || ' ' || t.answered_on FROM notice_answer t",
}


def _rule(label: str) -> str:
    """A rule value by what it decides and from which day."""
    name, _, day = label.rpartition(" ")
    return f"{say(code) if known(code := f'parameter.{name}') else name} {day}"


def n_secret(connection: Connection, remote: str = NETWORK) -> int:
    """How many confidential rows of the kinds that reach a remote stay here."""
    counts = (connection.exec_driver_sql(f"SELECT count(*) FROM {kind} WHERE {secret(kind)}").scalar_one() for kind in kinds(remote))
    return sum(int(n) for n in counts)


def secret_keys(connection: Connection, remote: str = NETWORK) -> dict[str, list[str]]:
    """The keys of these rows, by kind; kinds without any are left out."""
    found = {kind: [str(row[0]) for row in driver_rows(connection, f"SELECT id FROM {kind} WHERE {secret(kind)} ORDER BY id", ())] for kind in kinds(remote)}
    return {kind: keys for kind, keys in found.items() if keys}


class Refusal(Exception):
    """A rule of the database forbids a row of the remote: ``what`` is twice, posted, overlap, fixed, held or form; ``field`` where it is known."""

    def __init__(self, what: str, field: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.field = field


_REFUSALS = (
    ("UNIQUE constraint failed", "twice"),
    ("a record is posted once", "posted"),
    ("fee versions overlap", "overlap"),
    ("FOREIGN KEY constraint failed", "held"),
    ("attachments hang on it", "held"),
    ("belongs to a row that is there", "form"),
    ("never changes", "fixed"),
    ("only moves forward", "fixed"),
    ("constraint failed", "form"),
    ("cannot store", "form"),
    ("mirrors its", "form"),
    ("on its own set", "form"),
)


class Refusing:
    """Gives the database's refusals their names. Raises Refusal; anything else is a bug. One for all rows: it is entered for each."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, dbapi2.IntegrityError):
            told = str(error)
            for part, what in _REFUSALS:
                if part in told:
                    field = told.rpartition(".")[2] if what in ("twice", "posted") else ""
                    raise Refusal(what, field) from error


refusing = Refusing()


def put(run: Run, kind: str, key: str, body: Body, remote: str, *, new: bool, kept: Mapping[str, Any] | None = None) -> None:
    """Write what a remote holds; columns that do not reach it stay, or are as ``kept`` in a new row, or take their defaults. Raises Refusal."""
    with refusing:
        others = set(kept or {}) - set(columns(kind, remote))
        values = {name: body[name] for name in columns(kind, remote) if name in body and name != "id"} | {name: (kept or {})[name] for name in sorted(others)}
        if kind == "attachment" and "sha256" in values:
            # Whether its bytes are here is this ledger's own to say: another row may have brought them.
            values["kept"] = int(run("SELECT 1 FROM attachment WHERE sha256 = ? AND kept = 1", (values["sha256"],)).fetchone() is not None)
        if kind == "technician" and "instruments" in values:
            values["instruments"] = _with_hidden(run, key, values["instruments"])
        if not new:
            values = {name: value for name, value in values.items() if not _stays(kind, name, value)}
        update, insert = _puts(kind, tuple(values))
        if new:
            run(insert, (key, *values.values()))
        else:
            run(update, (*values.values(), key, *values.values()))


def _stays(kind: str, name: str, came: Any) -> bool:
    """Whether what is here of a column stays, because what came only says that the rest is at another seat."""
    return (kind, name, came) == ("payout_run", "figure", TREE_AWAY)


def _with_hidden(run: Run, key: str, told: Any) -> Any:
    """A technician's list as it came, with the confidential instruments that only this ledger knows of."""
    whole = isinstance(told, str) and run("SELECT json_valid(?1) AND json_type(?1) = 'array'", (told,)).fetchone()[0]
    sql = (
        "SELECT json_group_array(value) FROM (SELECT value FROM json_each(?1) UNION ALL SELECT j.value FROM technician t, "
        f"json_each(CASE WHEN json_valid(t.instruments) THEN t.instruments ELSE '[]' END) j WHERE t.id = ?2 AND j.value IN {HIDDEN_INSTRUMENT})"
    )
    return run(sql, (told, key)).fetchone()[0] if whole else told


@lru_cache(256)
def _puts(kind: str, names: tuple[str, ...]) -> tuple[str, str]:
    sets = ", ".join(f"{name} = ?" for name in names)
    same = " AND ".join(f"{name} IS ?" for name in names)
    return (
        f"UPDATE {kind} SET {sets} WHERE id = ? AND NOT ({same})",
        f"INSERT INTO {kind} ({', '.join(('id', *names))}) VALUES ({', '.join('?' * (len(names) + 1))})",
    )


def unheard_of(run: Run, kind: str, keys: str) -> list[str]:
    """Of these keys (a JSON list) the ones that are no row of the kind and were none either: no journal entry tells of them."""
    sql = (
        f"SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM {kind} WHERE id = value) "
        "AND NOT EXISTS (SELECT 1 FROM journal_after WHERE kind = ? AND key = value)"
    )
    return [row[0] for row in run(sql, (keys, kind)).fetchall()]


def is_unheard_of(run: Run, kind: str, key: str) -> bool:
    """Whether no journal entry tells of a row."""
    return run("SELECT 1 FROM journal_after WHERE kind = ? AND key = ? LIMIT 1", (kind, key)).fetchone() is None


def last(run: Run, kind: str, key: str) -> Body:
    """A row that was deleted, as it was last; empty when there was none."""
    sql = (
        "SELECT old FROM journal WHERE operation IN (SELECT operation FROM journal_after WHERE kind = ?1 AND key = ?2) "
        "AND kind = ?1 AND key = ?2 AND verb = 'delete' ORDER BY seq DESC LIMIT 1"
    )
    row = run(sql, (kind, key)).fetchone()
    return {} if row is None else dict(json.loads(row[0]))


def reopen_deletion(run: Run, kind: str, key: str, remote: str) -> None:
    """That another remote than this one deleted a row is still to be merged: there was no row here when it came, and now there is one."""
    others = "(SELECT role FROM remote WHERE role <> ?)"
    sql = f"UPDATE sync_base SET merged = 0, common = NULL WHERE remote IN {others} AND kind = ? AND key = ? AND body IS NULL AND merged = 1"
    run(sql, (remote, kind, key))


def has_been(run: Run, kind: str, key: str, body: Mapping[str, Any], since: Mapping[str, Any] | None, names: Sequence[str]) -> bool:
    """Whether a row was once as this body says in these columns, and after it was last as ``since`` says (None: ever)."""
    sql = (
        "SELECT old FROM journal WHERE operation IN (SELECT operation FROM journal_after WHERE kind = ?1 AND key = ?2) "
        "AND kind = ?1 AND key = ?2 AND old IS NOT NULL ORDER BY seq DESC"
    )
    for (old,) in run(sql, (kind, key)).fetchall():
        was = json.loads(old)
        if since is not None and agree(was, since, names):
            return False
        if agree(was, body, names):
            return True
    return False


def is_level(run: Run, kind: str, key: str, remote: str, names: Sequence[str]) -> bool:
    """Whether a remote is known to hold in these columns what is here."""
    row = run("SELECT body FROM sync_base WHERE remote = ? AND kind = ? AND key = ? AND merged = 1", (remote, kind, key)).fetchone()
    ours = here(run, kind, key, remote)
    return row is not None and row[0] is not None and ours is not None and agree(json.loads(row[0]), ours, names)


def agree(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether two bodies say the same in these columns."""
    return all(one.get(name) == other.get(name) for name in names)


def exists(run: Run, kind: str, key: str) -> bool:
    """Whether there is such a row."""
    return run(f"SELECT 1 FROM {kind} WHERE id = ?", (key,)).fetchone() is not None


def standing_posting(run: Run, record_id: str) -> str | None:
    """The key of the posting of a record that is not reversed."""
    sql = (
        "SELECT p.id FROM posting p WHERE p.record_id = ? AND p.reverses IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"
    )
    row = run(sql, (record_id,)).fetchone()
    return None if row is None else str(row[0])


@cache
def forms(kind: str) -> dict[str, tuple[str, bool]]:
    """Column -> how its values are written (fen, flag, integer, key, text) and whether it may be unknown."""
    told = {}
    for column in tables()[kind].columns:
        if column.name.endswith("_fen"):
            form = "fen"
        elif isinstance(column.type, Integer):
            form = "flag" if column.constraints else "integer"
        else:
            form = "key" if column.primary_key or column.foreign_keys else "text"
        told[column.name] = (form, bool(column.nullable))
    return told


def links_of(kind: str, body: Body, remote: str) -> list[tuple[str, str, str]]:
    """Field, kind and key of each row a body refers to; that one is missing the database would notice at the end of the transaction only."""
    return [(name, target, str(body[name])) for name, target in _targets(kind, body, remote) if body.get(name) is not None]


def listed_in(kind: str, body: Body) -> list[str]:
    """Keys of the instruments a technician works on; none for any other kind, or for a list that cannot be read."""
    try:
        found = json.loads(body.get("instruments") or "[]") if kind == "technician" else []
    except ValueError:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def _targets(kind: str, body: Body, remote: str) -> tuple[tuple[str, str], ...]:
    """Field and kind of each reference; an attachment says itself what kind of row it belongs to."""
    of = body.get("of_kind") if kind == "attachment" else None
    return (*links(kind, remote), *((("of_id", of),) if of in SUBJECTS else ()))


def delete(run: Run, kind: str, key: str, *, attached: bool = False) -> None:
    """Remove a row that the remote deleted, with the problems that were found in it and the papers of a use, and with its attachments when a person chose
    so: one that was never sent is nothing the other seat has seen. Raises Refusal, with all still there, when other rows refer to it."""
    run("SAVEPOINT deletion", ())
    try:
        with refusing:
            if kind == "service_record":
                run("DELETE FROM record_problem WHERE record_id = ?", (key,))
            if kind in USES:
                run("DELETE FROM voucher_paper WHERE use_id = ?", (key,))
            if attached:
                run("DELETE FROM attachment WHERE of_kind = ? AND of_id = ?", (kind, key))
            run(f"DELETE FROM {kind} WHERE {primary_key(tables()[kind])} = ?", (key,))
    except Refusal:
        run("ROLLBACK TO deletion", ())
        raise
    finally:
        run("RELEASE deletion", ())


def deleted_here(connection: Connection, remote: str) -> list[tuple[str, str]]:
    """Rows the remote holds that a person has deleted here: their last journal entry is a deletion, which the remote has not had before."""
    found = []
    for kind in kinds(remote):
        # A row that is here is not deleted, which is quicker seen than its last journal entry.
        sql = (
            f"SELECT b.key FROM sync_base b WHERE b.remote = ? AND b.kind = '{kind}' AND b.body IS NOT NULL AND (b.merged = 1 OR b.common IS NOT NULL) "
            f"AND NOT EXISTS (SELECT 1 FROM {kind} WHERE {kind}.id = b.key) AND (SELECT a.digest IS NULL FROM journal_after a "
            "WHERE a.kind = b.kind AND a.key = b.key ORDER BY a.operation DESC LIMIT 1)"
        )
        found += [(kind, str(row[0])) for row in driver_rows(connection, sql, (remote,))]
    return found


def is_deleted_here(run: Run, kind: str, key: str) -> bool:
    """Whether a person deleted this row here: its last journal entry is a deletion."""
    sql = "SELECT digest IS NULL FROM journal_after WHERE kind = ? AND key = ? ORDER BY operation DESC LIMIT 1"
    row = run(sql, (kind, key)).fetchone()
    return row is not None and bool(row[0])
