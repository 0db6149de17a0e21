""" "Why?": the tree behind a figure of duties, prices, records and payouts, and the rows behind a sum."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.actions import duties, payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger.fees import FeeSchedule
from desktop.ledger.problem import Refused
from desktop.rules.fee_matching import Matched
from desktop.rules.figure import Figure, Rows, Value
from desktop.store import records as record_rows
from desktop.words import known, say

KINDS = ("duty", "price", "record", "payout")


def explain(workspace: Workspace, kind: str, key: str, on: date | None = None) -> Figure:
    """The tree of one figure: ``duty`` ASSET, ``price`` or ``record`` NUMBER, ``payout`` RUN. Raises Refused when there is none.

    ``on``: the day a duty is asked for, today when not given; the other figures were fixed on their own day.
    """
    if kind == "duty":
        return duties.explain(workspace, key, on)
    if kind == "payout":
        return _payout(workspace, key)
    if kind in ("price", "record"):
        return _record(workspace, key)
    raise Refused("explain.kind", kind=kind, kinds="|".join(KINDS))


def _payout(workspace: Workspace, number: str) -> Figure:
    """The tree of a run; of a reversing run, that of the run it takes back under its own sum."""
    run, tree = payouts.show(workspace, number), payouts.explain(workspace, number)
    if run.reverses is None:
        return tree
    with workspace.read() as connection:
        original = connection.exec_driver_sql("SELECT number FROM payout_run WHERE id = ?", (run.reverses,)).scalar_one()
    reason = Figure("payout.reversal_reason", run.reason, "text")
    return Figure("payout.run_reversed", run.pool_fen, "fen", "original", inputs=(reason, tree), params=(("run", str(original)),))


def _record(workspace: Workspace, number: str) -> Figure:
    pricing = records.price(workspace, number)
    record, matched, priced = pricing.record, pricing.matched, pricing.priced
    facts = [
        Figure("record.figure.instrument", _asset(workspace, record.instrument_id), "text"),
        Figure("record.figure.started", record.started_at.isoformat(" ", "minutes"), "text"),
        Figure("record.figure.ended", record.ended_at.isoformat(" ", "minutes"), "text"),
        Figure("record.figure.minutes", record.minutes, "minutes", "derived" if record.derived else "difference"),
        Figure("record.figure.customer", record.customer_name or None, "text"),
    ]
    if matched is not None:
        facts.append(_version("version", matched.schedule))
        if matched.changed:
            facts.append(_changed(matched, record.ended_at.date()))
        facts.append(Figure("record.figure.line", matched.line.item, "text", note=matched.line.source_text))
    if priced is not None:
        facts.append(priced.figure)
    if record.state == "draft":
        value = priced.amount_fen if priced else None
        return Figure("record.figure.price", value, "fen", "draft", inputs=tuple(facts), certainty="C" if priced else "")
    with workspace.read() as connection:
        posting = record_rows.posting_of(connection, record.id)
    if posting is None:
        raise Refused("record.unknown", number=number)
    facts.insert(0, Figure("record.figure.posted_on", posting.posted_on, "date"))
    facts.insert(1, Figure("record.figure.rule", posting.rule_text, "text"))
    if posting.late:
        facts.insert(1, Figure("record.figure.late", True, "flag"))
    rows = Rows("posting", (posting.id,))
    return Figure("record.figure.posted", posting.amount_fen, "fen", "posted", inputs=tuple(facts), rows=rows)


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


def _asset(workspace: Workspace, instrument_id: str) -> str:
    with workspace.read() as connection:
        row = connection.exec_driver_sql("SELECT asset_number, name FROM instrument WHERE id = ?", (instrument_id,)).one()
    return f"{row[0]} {row[1]}"


_MONEY = ("posting", "receipt")
_ROWS = {
    "posting": (
        "SELECT p.id, p.record_number, i.asset_number, i.name, c.name AS customer, p.ended_on, p.amount_fen, p.minutes, p.rule_text "
        "FROM posting p JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id"
    ),
    "receipt": (
        "SELECT p.id, q.record_number, i.asset_number, i.name, c.name AS customer, p.received_on AS ended_on, p.fen AS amount_fen, q.minutes, "
        "p.invoice_number AS rule_text FROM receipt p JOIN posting q ON q.id = p.posting_id JOIN instrument i ON i.id = q.instrument_id "
        "JOIN customer c ON c.id = q.customer_id"
    ),
    "cost_row": "SELECT p.id, p.kind, p.period_from, p.period_to, p.fen, p.document FROM cost_row p",
    "instrument": "SELECT p.id, p.asset_number, p.name, p.value_fen, p.accepted_on, p.joined_on FROM instrument p",
    "service_record": "SELECT p.id, p.number, p.customer_name, p.started_at, p.ended_at, p.minutes, p.item FROM service_record p",
}


def rows(workspace: Workspace, behind: Rows) -> list[dict[str, Any]]:
    """The rows behind a sum, as the ledger has them now. Raises Refused for a kind without rows to show."""
    if behind.kind not in _ROWS:
        raise Refused("explain.rows", kind=behind.kind)
    sql = _ROWS[behind.kind]
    found: list[dict[str, Any]] = []
    with workspace.read() as connection:
        # A sum of money received takes back postings too, and one of postings takes back refunds.
        for kind in _MONEY if behind.kind in _MONEY else (behind.kind,):
            asked = f"{_ROWS[kind]} WHERE p.id IN (SELECT value FROM json_each(?))"
            found += [dict(row._mapping) for row in connection.exec_driver_sql(asked, (json.dumps(behind.keys),))]
        for name, value in behind.where:
            if name != "asset_number" or behind.kind != "instrument":
                continue
            found += [dict(row._mapping) for row in connection.exec_driver_sql(f"{sql} WHERE p.asset_number = ?", (value,))]
    return found


def value_text(value: Value, unit: str) -> str:
    """A figure's value as people read it; unknown is said, never shown as zero."""
    if value is None:
        return say("explain.unknown")
    if isinstance(value, bool):
        return say("explain.yes" if value else "explain.no")
    if unit == "fen":
        return f"¥ {money.text(value)}" if isinstance(value, int) else f"¥ {Decimal(str(value)) / 100:f}"
    if unit == "state":
        return say(f"duty.state.{value}") if known(f"duty.state.{value}") else str(value)
    if unit == "minutes":
        return say("explain.minutes", n=value)
    if unit == "workdays" and isinstance(value, int) and value < 0:
        return say("explain.overdue", n=-value)
    if unit == "ratio" and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def as_lines(figure: Figure, depth: int = 0) -> list[str]:
    """The tree as indented lines."""
    label = say(figure.code, **dict(figure.params)) if known(figure.code) else figure.code
    how = say(f"how.{figure.how}") if figure.how and known(f"how.{figure.how}") else ""
    told = f"{'  ' * depth}{label}：{value_text(figure.value, figure.unit)}"
    if how:
        told += f"  〔{how}〕"
    if figure.clause or figure.certainty:
        told += "  " + " ".join(
            part for part in (figure.clause, say("explain.certainty", c=figure.certainty) if figure.certainty else "") if part
        )
    if figure.note:
        told += f"  “{figure.note}”"
    if figure.rows is not None and figure.rows.keys:
        told += say("explain.n_rows", n=len(figure.rows.keys))
    lines = [told]
    for part in figure.inputs:
        lines += as_lines(part, depth + 1)
    return lines


def as_json(figure: Figure) -> dict[str, Any]:
    """The tree as plain values, with labels in words."""
    value = figure.value
    plain = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    table: dict[str, Any] = {
        "code": figure.code,
        "label": say(figure.code, **dict(figure.params)) if known(figure.code) else figure.code,
        "value": plain,
        "unit": figure.unit,
        "how": figure.how,
        "clause": figure.clause,
        "certainty": figure.certainty,
        "note": figure.note,
        "inputs": [as_json(part) for part in figure.inputs],
    }
    if figure.rows is not None:
        table["rows"] = {"kind": figure.rows.kind, "keys": list(figure.rows.keys), "where": dict(figure.rows.where)}
    return table
