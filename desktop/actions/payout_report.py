"""Gathers what the payout sheet (分配表) says of one run: its lines, its parts of the declared costs, what the scheme gave whom and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime

from desktop.actions import payout_trees, payout_words, payouts
from desktop.actions.payouts import Run
from desktop.actions.printed_figures import OF_RUN
from desktop.actions.workspace import SHANGHAI, Workspace
from desktop.ledger import allocation_json
from desktop.ledger.allocation import KEPT, PayoutRun, Scheme
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.reports import payout_sheet, statement
from desktop.reports.content import Content, Letterhead
from desktop.rules import settlement_tree
from desktop.rules.figure import Figure
from desktop.store import payouts as rows
from desktop.store import reporting
from desktop.store.database import Connection
from desktop.words import say


def _chosen(workspace: Workspace, period: Period, number: str | None) -> Run:
    if number:
        return payouts.show(workspace, number)
    standing = [
        r
        for r in payouts.every(workspace)
        if r.to_on in period and r.reverses is None and r.state in ("prepared", "approved", "closed")
    ]
    if not standing:
        raise Refused("report.no_run", period=period.name)
    return payouts.show(workspace, standing[0].number)


def statements(workspace: Workspace, run: Run) -> tuple[statement.Statement, ...]:
    """Each technician of a run with every line behind the sum."""
    behind: dict[str, list[statement.StatementLine]] = defaultdict(list)
    with workspace.read() as connection:
        found = reporting.behind_run(connection, run.id)
        scheme, tree, _ = _fixed(connection, run)
    known = {number: one.turned() if run.reverses else one for number, one in settlement_tree.weighings(tree).items()}
    for technician, record, asset, name, customer, ended, month, minutes, amount, fen, late, taken_back, secret in found:
        behind[technician].append(
            statement.StatementLine(
                record, f"{name}（{asset}）", customer, ended, month, minutes, amount, fen, late, taken_back, secret
            )
        )
    return tuple(
        statement.Statement(
            share.staff_number,
            share.name,
            share.department,
            share.fen,
            tuple(behind[share.technician_id or ""]),
            known.get(share.staff_number),
            scheme.weigh,
        )
        for share in run.shares
        if share.technician_id
    )


def statement_of(workspace: Workspace, number: str, staff_number: str, head: Letterhead) -> Content:
    """One technician's statement of a run. Raises Refused for an unknown run and for a person whom the run pays nothing."""
    run = payouts.show(workspace, number)
    own = next((one for one in statements(workspace, run) if one.staff_number == staff_number), None)
    if own is None:
        known = say("report.list").join(share.staff_number for share in run.shares if share.technician_id)
        raise Refused("payout.no_share", run=run.number, staff_number=staff_number, known=known or "—")
    period = say("report.statement_period", day=run.to_on, state=f"payout.state.{run.state}")
    said = statement.report(statement.StatementFacts(run.number, period, own, payout_sheet.mark(run.state)), head)
    return replace(said, figures=(_tree_of(run), *said.figures))


def _tree_of(run: Run) -> Figure:
    """The run's number in place of its tree, which is kept with the run as it was fixed."""
    return Figure(OF_RUN, run.number, "text")


def gather(workspace: Workspace, period: Period, as_of: date, number: str | None, head: Letterhead) -> Content:
    """The sheet of a run: the one named, else the newest standing one whose last day lies in the period. Raises Refused without one."""
    run = _chosen(workspace, period, number)
    people = statements(workspace, run)
    with workspace.read() as connection:
        costs = _costs(connection, run.id)
        scheme, tree, stored = _fixed(connection, run)
        mirrored = rows.RUNS.get(connection, run.reverses) if run.reverses else None
        back = payout_words.taken_back(connection, rows.facts_of(connection, stored)) if not run.reverses else ""
        away = payout_trees.where_words(connection, stored) if payout_trees.is_away(connection, stored) else ""
    sign = -1 if run.reverses else 1
    divided = settlement_tree.divided_fen(tree)
    cap, certainty = _cap(tree)
    facts = payout_sheet.PayoutFacts(
        run_number=run.number,
        scheme=run.scheme_name,
        scheme_document=scheme.document,
        basis=run.basis,
        to_on=run.to_on,
        state=run.state,
        income_fen=run.income_fen,
        n_lines=sum(len(person.lines) for person in people),
        costs=costs,
        others=tuple(_others(run)),
        pool_fen=run.pool_fen,
        technicians=people,
        prepared_by=run.prepared_by,
        prepared_at=_moment(run.prepared_at),
        approved_by=run.approved_by or "",
        approved_at=_moment(run.approved_at),
        closed_by=run.closed_by or "",
        closed_at=_moment(stored.closed_at),
        pool_how=payout_words.pool_how(scheme, tree) if mirrored is None else say("payout.how_reversed", run=mirrored.number),
        cap=cap,
        cap_certainty=certainty,
        include_internal=scheme.include_internal,
        n_without_operator=0 if run.reverses else _counted(tree, "payout.waiting"),
        n_left_out=0 if run.reverses else _counted(tree, "payout.left_out"),
        back_fen=sign * settlement_tree.back_fen(tree),
        back_how=back,
        order=say("report.list").join(share.name for share in scheme.shares),
        divided_fen=None if divided is None else sign * divided,
        reverses=mirrored.number if mirrored else "",
        reason=run.reason,
        tree_away=away,
    )
    said = payout_sheet.report(facts, head)
    return replace(said, figures=(_tree_of(run), *said.figures))


def _costs(connection: Connection, run_id: str) -> tuple[payout_sheet.CostLine, ...]:
    sql = (
        "SELECT k.id, k.kind, c.fen, k.document, coalesce(i.name, ''), coalesce(i.confidential, 0), k.fen, k.period_from, k.period_to, "
        "c.from_on, c.to_on FROM payout_cost c JOIN cost_row k ON k.id = c.cost_row_id LEFT JOIN instrument i ON i.id = k.instrument_id "
        "WHERE c.run_id = ? ORDER BY k.period_from, k.kind, k.id, c.from_on"
    )
    found: dict[str, payout_sheet.CostLine] = {}
    for key, kind, fen, document, instrument, secret, whole, start, end, *span in connection.exec_driver_sql(sql, (run_id,)):
        period = (date.fromisoformat(start), date.fromisoformat(end))
        line = found.get(key) or payout_sheet.CostLine(kind, 0, document, instrument, bool(secret), whole, period)
        spans = (*line.spans, (date.fromisoformat(span[0]), date.fromisoformat(span[1])))
        found[key] = replace(line, fen=line.fen + fen, spans=spans)
    return tuple(found.values())


def _others(run: Run) -> list[payout_sheet.OtherShare]:
    return [
        payout_sheet.OtherShare(share.name or payout_words.unit(share.fen), share.fen, share.how)
        for share in run.shares
        if not share.technician_id and (share.receiver != KEPT or share.fen)
    ]


def _fixed(connection: Connection, run: Run) -> tuple[Scheme, Figure, PayoutRun]:
    """The scheme a run followed, the tree it was fixed with, and the run as it is kept."""
    stored = rows.RUNS.get(connection, run.id)
    written = rows.SCHEMES.get(connection, stored.scheme_id) if stored else None
    if stored is None or written is None:  # shown a moment ago, and neither is ever deleted
        raise Refused("payout.unknown_run", number=run.number)
    return allocation_json.read(written), payout_trees.tree(connection, stored), stored


def _cap(tree: Figure) -> tuple[str, str]:
    """What bounded the technicians' share by law, and how sure that rule is; empty when nothing did."""
    for step in tree.inputs:
        if step.code == "payout.step" and dict(step.params).get("limited") == "law":
            law = next(part for part in step.inputs if part.code == "payout.law_cap")
            cited = next((part for part in law.inputs if part.how == "parameter"), None)
            clause = cited.clause if cited else ""
            return say("payout.capped_by", clause=clause), cited.certainty if cited else ""
    return "", ""


def _counted(tree: Figure, code: str) -> int:
    return next((int(str(part.value)) for part in tree.inputs if part.code == code), 0)


def _moment(at: datetime | None) -> str:
    """UTC as the ledger keeps it, shown in Asia/Shanghai."""
    return "" if at is None else at.replace(tzinfo=UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
