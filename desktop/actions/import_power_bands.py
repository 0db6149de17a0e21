"""The sets' own power bands, from files: new ones entered, those of the same set and day corrected; none is taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.formats import power_bands as files
from desktop.formats.power_bands import BandRow
from desktop.ledger.keys import new_key
from desktop.ledger.sensor import PowerBand
from desktop.store import sensors as rows

if TYPE_CHECKING:
    from desktop.formats.reading import Sheet
    from desktop.store.database import Connection, Operation


class _Bands(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[BandRow], options: Options) -> Weighed:
        weighed, assets = Weighed(), Assets(connection)
        kept = {(one.instrument_id, one.from_on): one for one in rows.BANDS.find(connection)}
        for row in sheet.rows:
            key = assets.key(row.asset_number)
            if key is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            old = kept.get((key, row.from_on))
            fresh = old or PowerBand(new_key(confidential=assets.secret(row.asset_number)), key, row.from_on, row.off_watts, row.working_watts)
            made = replace(fresh, off_watts=row.off_watts, working_watts=row.working_watts)
            weighed.take(old, made)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.BANDS.update(operation.connection, weighed.changed)
        rows.BANDS.insert(operation.connection, weighed.new)


POWER_BANDS_IMPORT = _Bands()
