"""What is stated of sets for the sharing system (CERS), from files: one row a set; an empty cell leaves what is stated as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.actions import cers
from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.formats import cers_sets as files
from desktop.formats.cers_sets import CersSetRow
from desktop.formats.reading import Sheet
from desktop.ledger.cers import CersSet
from desktop.ledger.keys import new_key
from desktop.store.cers import CERS_SETS
from desktop.store.database import Connection, Operation


class _CersSets(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[CersSetRow], options: Options) -> Weighed:
        weighed = Weighed()
        assets = Assets(connection)
        known = {one.instrument_id: one for one in CERS_SETS.find(connection)}
        holders = {one.inner_id: one.instrument_id for one in known.values() if one.inner_id}
        for row in sheet.rows:
            key = assets.key(row.asset_number)
            if key is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            if assets.secret(row.asset_number):
                weighed.refuse(sheet, row.row, "asset_number", "cers.confidential", asset_number=row.asset_number)
                continue
            wrong = cers.entry_refusal(row.given)
            if wrong is not None:
                weighed.refuse(sheet, row.row, _field(wrong[1]), wrong[0], **wrong[1])
                continue
            if row.inner_id and holders.setdefault(row.inner_id, key) != key:
                weighed.refuse(sheet, row.row, "inner_id", "cers.file_inner_id_taken", shown=row.inner_id)
                continue
            old = known.get(key)
            made = replace(old or CersSet(new_key(), key), **row.given)
            weighed.take(old, made)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        CERS_SETS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        CERS_SETS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _field(params: dict[str, Any]) -> str:
    return str(params["column"]).rpartition(".")[2]


CERS_SETS_IMPORT = _CersSets()
