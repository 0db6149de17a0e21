"""What "search everything" finds in the ledger. Imported when somebody first searches; each runs on a reader lane.

The registry of pages names them (``PageEntry.finds``), so that they answer whether or not their page was opened before.
"""

from __future__ import annotations

from desktop import words
from desktop.actions import instrument_list, listing, record_list, searching
from desktop.ui import texts
from desktop.ui.desk import Desk, Hit, Place

_MOST = 12


def instruments(desk: Desk, text: str) -> list[Hit]:
    """Instruments by number, name, model, maker, department."""
    workspace = desk.workspace
    keys = listing.ids(workspace, instrument_list.LISTING, text=text)[:_MOST]
    told = []
    for row in instrument_list.rows(workspace, keys, desk.today()):
        place = Place("instruments", (("key", str(row["asset_number"])),))
        detail = " · ".join(str(part) for part in (row["asset_number"], row["department"]) if part)
        told.append(Hit(texts.visible(str(row["name"])), texts.visible(detail), place, "instrument"))
    return told


def records(desk: Desk, text: str) -> list[Hit]:
    """Service records by number, customer, instrument, operator, contract; the newest first."""
    workspace = desk.workspace
    keys = listing.ids(workspace, record_list.LISTING, sort="ended_at", descending=True, text=text)[:_MOST]
    found = []
    for row in listing.rows(workspace, record_list.LISTING, keys):
        have = dict(zip(record_list.LISTING.columns, row[1:], strict=True))
        detail = f"{have['instrument']} · {have['customer']} · {str(have['ended_at'])[:10]}"
        place = Place("records", (("number", str(have["number"])),))
        found.append(Hit(texts.visible(str(have["number"])), texts.visible(detail), place, "record"))
    return found


def names(desk: Desk, text: str) -> list[Hit]:
    """Technicians and customers (their records), people with a role, payout runs."""
    return [_hit(one) for one in searching.named(desk.workspace, text)]


def _hit(one: searching.Named) -> Hit:
    if one.kind == "technician":
        place, icon, more = Place("records", (("operator", one.key),)), "person", one.more
    elif one.kind == "customer":
        place, icon, more = Place("records", (("customer", one.key),)), "institution", words.say(f"fee.class.{one.more}")
    elif one.kind == "person":
        place, icon, more = Place("settings", (("tab", "people"),)), "person", words.say(f"person.roles.{one.more}")
    else:
        place, icon, more = Place("payouts", (("key", one.key),)), "payout", words.say(f"payout.state.{one.more}")
    detail = " · ".join(part for part in (words.say(f"kind.{one.kind}"), one.number, more) if part)
    return Hit(texts.visible(one.name), texts.visible(detail), place, icon)
