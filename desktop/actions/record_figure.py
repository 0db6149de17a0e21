"""Why a service record costs what it does, what came in for it, and whom it was paid to: one tree down to facts and rows."""

from __future__ import annotations

from datetime import date

from desktop.actions import records
from desktop.actions.records import Pricing
from desktop.actions.workspace import Workspace, today
from desktop.ledger.fees import FeeSchedule
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import Posting
from desktop.rules.fee_matching import Matched
from desktop.rules.figure import Figure, Rows
from desktop.rules.phrase import class_words
from desktop.store import open_balance, payouts
from desktop.store import records as rows
from desktop.store.came_late import came_late
from desktop.store.database import Connection
from desktop.store.facts import POSTINGS, RECEIPTS, TECHNICIANS
from desktop.words import say


def of(workspace: Workspace, number: str) -> Figure:
    """The tree of a draft's price, or of a posted record's amount as it was fixed. Raises Refused for an unknown record."""
    pricing = records.price(workspace, number)
    with workspace.read() as connection:
        facts = _facts(connection, pricing)
        if pricing.record.state == "draft":
            value = pricing.priced.amount_fen if pricing.priced else None
            certainty = "C" if pricing.priced else ""
            return Figure("record.figure.price", value, "fen", "draft", inputs=tuple(facts), certainty=certainty)
        posting = rows.posting_of(connection, pricing.record.id)
        if posting is None:
            raise Refused("record.unknown", number=number)
        return _posted(connection, posting, facts)


def _facts(connection: Connection, pricing: Pricing) -> list[Figure]:
    record, matched, priced = pricing.record, pricing.matched, pricing.priced
    asset = connection.exec_driver_sql("SELECT asset_number, name FROM instrument WHERE id = ?", (record.instrument_id,)).one()
    operator = TECHNICIANS.get(connection, record.operator_id) if record.operator_id else None
    facts = [
        Figure("record.figure.instrument", f"{asset[0]} {asset[1]}", "text"),
        Figure("record.figure.started", record.started_at.isoformat(" ", "minutes"), "text"),
        Figure("record.figure.ended", record.ended_at.isoformat(" ", "minutes"), "text"),
        Figure("record.figure.minutes", record.minutes, "minutes", "derived" if record.derived else "difference"),
        Figure("record.figure.customer", record.customer_name or None, "text"),
        Figure("record.figure.operator", f"{operator.name} {operator.staff_number}" if operator else None, "text"),
    ]
    if matched is not None:
        facts.append(_version("version", matched.schedule))
        if matched.changed:
            facts.append(_changed(matched, record.ended_at.date()))
        facts.append(Figure("record.figure.line", matched.line.item, "text", note=matched.line.source_text))
        facts.append(Figure("record.figure.class", class_words(matched.customer_class), "text"))
    if priced is not None:
        facts.append(priced.figure)
    return facts


def _version(name: str, version: FeeSchedule | None) -> Figure:
    """The days a version is in force, with its title and document; unknown where there was none."""
    if version is None:
        return Figure(f"record.figure.{name}", None, "text")
    until = version.to_on.isoformat() if version.to_on else "…"
    told = " ".join(part for part in (version.title, version.document) if part)
    return Figure(f"record.figure.{name}", f"[{version.from_on.isoformat()}, {until})", "text", note=told)


def _changed(matched: Matched, ended_on: date) -> Figure:
    """Which version counts when the prices changed during the service: that of the end day, by our own definition."""
    inputs = (_version("version_before", matched.before), _version("version", matched.schedule))
    return Figure("record.figure.version_day", ended_on, "date", "choice", certainty="C", inputs=inputs)


def _posted(connection: Connection, posting: Posting, facts: list[Figure]) -> Figure:
    """The amount that was fixed, with what happened to it since: reversed, received, settled."""
    first = [Figure("record.figure.posted_on", posting.posted_on, "date"), Figure("record.figure.rule", posting.rule_text, "text")]
    if posting.late or posting.id in came_late(connection):
        first.append(Figure("record.figure.late", True, "flag"))
    reversal = POSTINGS.one(connection, "reverses = ?", (posting.id,))
    since = []
    if reversal is not None:
        day = Figure("record.figure.reversed_on", reversal.posted_on, "date")
        since.append(
            Figure(
                "record.figure.reversed", reversal.amount_fen, "fen", "posted", note=reversal.reason, inputs=(day,),
                rows=Rows("posting", (reversal.id,)),
            )
        )  # fmt: skip
    receipts = RECEIPTS.find(connection, "posting_id = ?", (posting.id,), "received_on, rowid")
    if receipts:
        keys = tuple(receipt.id for receipt in receipts)
        since.append(Figure("record.figure.received", sum(r.fen for r in receipts), "fen", "sum", rows=Rows("receipt", keys)))
    since.append(_settled(connection, posting, reversal))
    return Figure(
        "record.figure.posted", posting.amount_fen, "fen", "posted", inputs=(*first, *facts, *since), rows=Rows("posting", (posting.id,))
    )


def _settled(connection: Connection, posting: Posting, reversal: Posting | None) -> Figure:
    """What the standing runs paid its technician for it, or why none has settled it."""
    keys = [posting.id] if reversal is None else [posting.id, reversal.id]
    held = payouts.held(connection, keys)
    if held:
        parts = tuple(
            Figure(
                "record.figure.payout_back" if one.fen < 0 or one.takes_back else "record.figure.payout", one.fen, "fen", "fact",
                inputs=(Figure("record.figure.payout_income", one.amount_fen, "fen", "fact"),),
                params=(("run", one.run_number), ("name", one.technician), ("state", f"payout.state.{one.state}")),
            )
            for one in held
        )  # fmt: skip
        return Figure("record.figure.settled", sum(one.fen for one in held), "fen", "sum", inputs=parts)
    scheme = open_balance.scheme_in_use(connection, today())
    lots = open_balance.open_lots(connection, max(today(), posting.ended_on), scheme, posting.id)
    lot = next((name for name in open_balance.LOTS if lots[name].n), "payable")
    said = say(f"record.figure.open_{lot}", scheme=scheme.name if scheme else "")
    if lot != "left_out" or scheme is None:
        return Figure("record.figure.open", said, "text")
    why = [Figure("payout.include_internal", scheme.include_internal, "flag", "scheme", note=scheme.document)]
    if scheme.internal_from is not None:
        why.append(Figure("payout.internal_from", scheme.internal_from, "date", "scheme", note=scheme.document))
    return Figure("record.figure.open", said, "text", "scheme", inputs=tuple(why))
