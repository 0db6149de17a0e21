""" "Why?": the tree behind a figure of duties, prices, records and payouts, and the rows behind a sum."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop.actions import (
    award,
    cers,
    duties,
    fee_building,
    fees,
    integrity_answers,
    library,
    management,
    national_due_figure,
    national_sent,
    payout_comparison,
    payouts,
    performance_overview,
    pilot_view,
    printed_figures,
    publications,
    purchases,
    record_figure,
    repricing,
    sensor_views,
    staff_facts,
    trainings,
    transfer_candidates,
    transfers,
    university_year,
    vouchers,
    yearly_balance,
)
from desktop.actions.code_words import code_words
from desktop.actions.fee_words import note_of
from desktop.actions.repricing import Asked
from desktop.actions.workspace import Workspace, today
from desktop.ledger import money
from desktop.ledger import period as periods
from desktop.ledger.problem import Refused
from desktop.rules.exact import shown
from desktop.rules.figure import Figure, Rows, Value
from desktop.store.facts import INSTRUMENTS
from desktop.store.transfers import TRANSFERS
from desktop.words import known, say

KINDS = (
    "duty", "fee", "price", "record", "payout", "performance", "balance", "purchase", "transfer", "award", "effect", "voucher", "pilot",
    "integrity", "training", "staff", "repricing", "message", "sensor", "management", "university", "cers",
    "due", "publication", "notice", "paper",
)  # fmt: skip


def explain(workspace: Workspace, kind: str, key: str, on: date | None = None, period: str | None = None) -> Figure:
    """The tree of one figure. Raises Refused without.

    ``key``: the asset of a duty, fee, performance, balance or transfer; the number of a price, record, voucher, purchase, transfer or payout run, or two
    periods of payouts (``2024:2025``, ``2024:2025:T001``); the year of an award, effect or training; the number of a pilot base; a self-check of
    integrity, or ``check:record``; the staff number of what a technician holds; the number of a posted service that is reckoned again by the fees
    in force ``on`` a day; the number of a message to the national platform.
    The asset of what its sensors saw, or ``coverage``; of a balance also ``whole``; the academic year of a university's changes (``2024-2025``), or
    the asset of what it was used for;
    the asset of a set in the file for the sharing system.
    Of performance also ``institution``, ``department:NAME``, ``platform:NAME``.
    The asset whose number and publication on the network are asked for. What is due to the national platform: an asset, a record it took, a span (``2025Q3``).
    The key of a notice and how it stands ``on`` a day. The file of a report that was printed or saved here, or its digest.
    ``on``: the day a duty or the prices in force are asked for, today when not given; the others were fixed on their own day.
    ``period``: the calendar or academic year of a performance or balance (this year when not given), or of a transfer (last year).
    """
    if kind == "duty":
        return duties.explain(workspace, key, on)
    if kind == "payout":
        return _payout(workspace, key)
    if kind in ("price", "record"):
        return record_figure.of(workspace, key)
    if kind == "fee":
        return _fee(workspace, key, on)
    if kind == "performance":
        return performance_overview.explain(workspace, key, period)
    if kind == "balance":
        return yearly_balance.explain(workspace, key, period)
    if kind == "purchase":
        return purchases.explain(workspace, key)
    if kind == "transfer":
        return _transfer(workspace, key, period)
    if kind == "award":
        return award.explain(workspace, key)
    if kind == "effect":
        return _effect(workspace, key)
    if kind == "voucher":
        return vouchers.explain(workspace, key)
    if kind == "pilot":
        return pilot_view.explain(workspace, key, on, period)
    if kind == "integrity":
        return integrity_answers.explain(workspace, key, period, on)
    if kind == "training":
        return trainings.explain(workspace, key)
    if kind == "staff":
        return staff_facts.explain(workspace, key, on)
    if kind == "management":
        return management.explain(workspace, on)
    if kind == "cers":
        return cers.explain(workspace, key, on)
    if kind == "repricing":
        return repricing.of_record(workspace, key, Asked(on=on or today()))
    if kind == "message":
        return national_sent.explain(workspace, key)
    if kind == "due":
        return national_due_figure.explain(workspace, key, on)
    if kind == "sensor":
        return sensor_views.explain(workspace, key, period, on)
    if kind == "publication":
        return publications.explain(workspace, key, on)
    if kind == "notice":
        return library.explain(workspace, key, on)
    if kind == "paper":
        return printed_figures.explain(workspace, key, lambda number: _payout(workspace, number))
    if kind == "university":
        return university_year.explain(workspace, key, period)
    raise Refused("explain.kind", kind=kind, kinds="|".join(KINDS))


def _transfer(workspace: Workspace, key: str, period: str | None) -> Figure:
    """Of a set in a year; of a transfer by its number where no set has it, as it was seen when it was prepared."""
    with workspace.read() as connection:
        is_set = INSTRUMENTS.one(connection, "asset_number = ?", (key.strip(),)) is not None
        is_transfer = TRANSFERS.one(connection, "number = ?", (key.strip(),)) is not None
    if is_transfer and not is_set and period is None:
        return transfers.explain(workspace, key)
    return transfer_candidates.explain(workspace, key, period)


def _effect(workspace: Workspace, year: str) -> Figure:
    """The yearly effect for the national platform. Raises Refused for what is no calendar year."""
    from desktop.actions import national_messages

    try:
        return national_messages.effect(workspace, periods.parse(year))[0].figure
    except ValueError as error:
        raise Refused("national.effect_year", period=year) from error


def _payout(workspace: Workspace, number: str) -> Figure:
    """The tree of a run; of a reversing run, that of the run it takes back under its own sum; of two periods, that of their difference."""
    if payout_comparison.BETWEEN in number:
        return payout_comparison.explain(workspace, number)
    run, tree = payouts.show(workspace, number), payouts.explain(workspace, number)
    if run.reverses is None:
        return tree
    with workspace.read() as connection:
        original = connection.exec_driver_sql("SELECT number FROM payout_run WHERE id = ?", (run.reverses,)).scalar_one()
    reason = Figure("payout.reversal_reason", run.reason, "text")
    return Figure("payout.run_reversed", run.pool_fen, "fen", "original", inputs=(reason, tree), params=(("run", str(original)),))


def _fee(workspace: Workspace, asset_number: str, on: date | None) -> Figure:
    """The prices in force on a day against the cost price. Raises Refused for an unknown instrument or one without prices then."""
    day = on or today()
    found = fee_building.in_force(fees.versions(workspace, asset_number.strip()), day)
    if found is None:
        raise Refused("explain.no_fee", asset_number=asset_number, day=day)
    return fee_building.explain(found)


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
    "training_attendance": (
        "SELECT p.id, t.number, t.name AS training, p.name, p.organisation, t.ends_on AS ended_on, p.certificate FROM training_attendance p "
        "JOIN training t ON t.id = p.training_id"
    ),
    "payout_run": "SELECT p.id, p.number, p.to_on, p.state, p.pool_fen AS fen FROM payout_run p",
    "cost_row": "SELECT p.id, p.kind, p.period_from, p.period_to, p.fen, p.document FROM cost_row p",
    "pilot_equipment": (
        "SELECT p.id, p.number, p.name, coalesce(i.value_fen, p.value_fen) AS value_fen, coalesce(i.accepted_on, p.accepted_on) AS accepted_on "
        "FROM pilot_equipment p LEFT JOIN instrument i ON i.id = p.instrument_id"
    ),
    "instrument": "SELECT p.id, p.asset_number, p.name, p.value_fen, p.accepted_on, p.joined_on FROM instrument p",
    "record_number": (
        "SELECT p.* FROM (SELECT s.number AS id, s.number, i.asset_number, i.name, s.customer_name, s.started_at, s.ended_at, s.minutes "
        "FROM service_record s JOIN instrument i ON i.id = s.instrument_id) p"
    ),
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


_STATES = {
    "fee": "fee.compared", "balance": "balance.state", "purchase": "purchase.state", "transfer": "transfer.state", "voucher": "voucher.state",
    "benefit": "benefit.state",
    "pilot": "pilot.state",
    "integrity": "integrity.state",
    "sensor": "sensor.state",
    "national_message": "national_message", "national_due": "national_due", "national_there": "national_there", "national_span": "national_span",
    "national_audit": "national_audit",
    "management": "management.state",
    "cers": "cers.standing",
    "notice": "notice.state",
    "publication": "publication.standing", "publication_state": "publication_state",
}  # fmt: skip


def said_under(code: str) -> str:
    """Where the words of a state are, by the code of its figure; a state of duty for what is not known otherwise."""
    return _STATES.get(code.partition(".")[0], "duty.state")


def value_text(value: Value, unit: str, code: str = "") -> str:
    """A figure's value as people read it; unknown is said, never shown as zero. ``code`` of the figure says whose state it is."""
    if value is None:
        return say("explain.unknown")
    if isinstance(value, bool):
        return say("explain.yes" if value else "explain.no")
    if unit == "fen":
        return f"¥ {money.text(value)}" if isinstance(value, int) else f"¥ {Decimal(str(value)) / 100:f}"
    if unit == "state":
        said = f"{said_under(code)}.{value}"
        return say(said) if known(said) else str(value)
    if unit == "codes":
        return code_words(code.removeprefix("parameter."), str(value).split(" / "))
    if unit == "minutes":
        return say("explain.minutes", n=value)
    if unit == "workdays" and isinstance(value, int) and value < 0:
        return say("explain.overdue", n=-value)
    if unit == "ratio" and isinstance(value, Decimal):
        return f"{_short(value * 100)} %"
    if isinstance(value, Decimal):
        return _short(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _short(value: Decimal) -> str:
    """A decimal as it is, one without end to six places."""
    told = Decimal(shown(Fraction(value)))
    return f"{told.normalize():f}" if told else "0"


def as_lines(figure: Figure, depth: int = 0) -> list[str]:
    """The tree as indented lines."""
    label = say(figure.code, **dict(figure.params)) if known(figure.code) else figure.code
    how = say(f"how.{figure.how}") if figure.how and known(f"how.{figure.how}") else ""
    told = f"{'  ' * depth}{label}{say('explain.colon')}{value_text(figure.value, figure.unit, figure.code)}"
    if how:
        told += say("explain.made", how=how)
    if figure.clause or figure.certainty:
        told += "  " + " ".join(
            part for part in (figure.clause, say("explain.certainty", c=figure.certainty) if figure.certainty else "") if part
        )
    if figure.note:
        told += f"  “{note_of(figure)}”"
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
