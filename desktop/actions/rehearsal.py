"""The whole day, from an empty home to a synced, verified ledger, on the packaged practice files: demo and proof in one.

Every step is the same action the window and the command line use; nothing here has a way of its own into the ledger.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from desktop import resource
from desktop.actions import (
    duties,
    enrolment,
    explaining,
    importing,
    institution,
    instruments,
    library,
    local_network,
    payouts,
    people,
    records,
    rehearsal_clauses,
    reporting,
    syncing,
    upkeep,
)
from desktop.actions import workspace as opening
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.staging import staged
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import Scheme, Share
from desktop.ledger.problem import Refused

CLAUSES_FILE = "clauses.json"
_FILES = ("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.key", "practice.key")


@cache
def day() -> dict[str, Any]:
    """The practice day as ``resources/practice/day.toml`` tells it."""
    with resource.path("practice", "day.toml").open("rb") as stream:
        return tomllib.load(stream, parse_float=Decimal)


def scheme() -> Scheme:
    """The practice scheme."""
    told = day()["scheme"]
    shares = tuple(Share(one["receiver"], one["name"], one["of"], Decimal(one["rate"])) for one in told["share"])
    return Scheme(
        "", told["name"], told["from"], told["document"], told["basis"], told["include_internal"], shares, told["weigh"], told["use_coefficient"],
        told["remainder_to"],
    )  # fmt: skip


def practice_ledger(home: Path, progress: Progress = UNWATCHED) -> Workspace:
    """Make the practice ledger: invented institution, the five files imported, people and scheme; open it."""
    workspace = _start(home)
    try:
        for n, file in enumerate(day()["file"]):
            progress.check()
            progress.report(n, len(day()["file"]), "work.reading")
            importing.import_file(workspace, file["kind"], resource.path("practice", file["name"]))
        _people(workspace)
        payouts.add_scheme(workspace, scheme())
    except BaseException:
        workspace.close()
        for name in _FILES:  # invented data, half of it: nothing is lost
            (home / name).unlink(missing_ok=True)
        raise
    return workspace


def practice_of(home: Path) -> Path:
    """Where the practice ledger of a home is: beside the home's own ledger, never in its place."""
    return home / "practice"


def open_practice(home: Path, progress: Progress = UNWATCHED) -> Workspace:
    """The practice ledger of a home, made when there is none. Raises Cancelled, and nothing of it is left then."""
    place = practice_of(home)
    return opening.open_ledger(place) if opening.exists(place) else practice_ledger(place, progress)


def _start(home: Path) -> Workspace:
    told = day()["institution"]
    workspace, _ = institution.start(home, told["name"], told["uscc"], told["kind"], told["region"], practice=True)
    return workspace


def _people(workspace: Workspace) -> None:
    for person in day()["person"]:
        people.add(workspace, person["name"], person["role"], person["pin"])


def whole_day(home: Path, out: Path) -> dict[str, Any]:
    """Run the day in a home without ledger and write PDFs, workbooks and ``summary.json`` and ``clauses.json`` to ``out``. Returns the summary.

    The day is the one at the desk; the practice data stay as they are. When it fails, nothing of it is left in either place.
    Raises Problem when the home has a ledger already (a rehearsal never touches one), Refused on a day that the practice year has not
    ended by.
    """
    on = opening.today()
    if on <= day()["settle_to"]:
        raise Refused("work.practice_early", day=on, end=day()["settle_to"])
    with staged(home, out) as (home_part, papers):
        return _whole_day(home_part, papers, on)


def _whole_day(home: Path, out: Path, on: date) -> dict[str, Any]:
    summary: dict[str, Any] = {"institution": day()["institution"], "imports": {}, "files": []}
    with _start(home) as workspace:
        _imports(workspace, out, summary)
        _duties(workspace, summary, on)
        _posting(workspace, summary, on)
        _money(workspace, out, summary)
        _payout(workspace, out, summary)
        _reports(workspace, out, summary, on)
        _sync(workspace, home, summary, on)
        _clauses(rehearsal_clauses.Practice(workspace, out, on, day(), summary))
        backup = upkeep.backup(workspace, out / "practice.yxb")
        summary["files"].append(backup.name)
        verdict = upkeep.verify(workspace)
        summary["verify"] = {"ok": verdict.ok, "operations": verdict.n_operations, "rows": verdict.n_rows, "head": verdict.head}
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), "utf-8")
    summary["files"].append("summary.json")
    return summary


def _imports(workspace: Workspace, out: Path, summary: dict[str, Any]) -> None:
    for file in day()["file"]:
        kind, path = file["kind"], resource.path("practice", file["name"])
        rejects = out / f"rejected-{kind}.xlsx"
        done = importing.import_file(workspace, kind, path, rejects=rejects)
        again = importing.import_file(workspace, kind, path)
        summary["imports"][kind] = {
            "accepted": done.accepted,
            "rejected": done.rejected,
            "unchanged": done.unchanged,
            "again": {"accepted": again.accepted, "unchanged": again.unchanged},
        }
        if done.rejects_path:
            summary["files"].append(rejects.name)


def _duties(workspace: Workspace, summary: dict[str, Any], on: date) -> None:
    found = duties.every(workspace, on)
    open_ones = [d for d in found if d.state in ("overdue", "to_join")]
    if open_ones:
        instruments.join(workspace, open_ones[0].asset_number, on, f"SD-{open_ones[0].asset_number}")
    states: dict[str, int] = {}
    for duty in duties.every(workspace, on):
        states[duty.state] = states.get(duty.state, 0) + 1
    why = explaining.as_lines(duties.explain(workspace, open_ones[0].asset_number, on)) if open_ones else []
    deadline = duties.deadline(date(2026, 1, 15))
    summary["duties"] = {"on": on.isoformat(), "states": states, "why": why}
    summary["deadline"] = {"accepted": "2026-01-15", "deadline": deadline.day.isoformat(), "provisional": deadline.provisional}


def _posting(workspace: Workspace, summary: dict[str, Any], on: date) -> None:
    problems = records.problems(workspace)
    codes: dict[str, int] = {}
    for _, found in problems:
        codes[found.code] = codes.get(found.code, 0) + 1
    posted = records.post(workspace, to=on)
    summary["records"] = {
        "problems": codes, "posted": posted.posted, "amount_fen": posted.amount_fen, "left_with_problems": len(posted.refused),
        "why": explaining.as_lines(explaining.explain(workspace, "price", day()["record"])),
    }  # fmt: skip


def _money(workspace: Workspace, out: Path, summary: dict[str, Any]) -> None:
    """What has come in for the posted records; a row with more than was due is refused."""
    rejects = out / "rejected-receipts.xlsx"
    done = importing.import_file(workspace, "receipts", resource.path("practice", day()["receipts"]["name"]), rejects=rejects)
    summary["receipts"] = {"accepted": done.accepted, "rejected": done.rejected}
    if done.rejects_path:
        summary["files"].append(rejects.name)


def _payout(workspace: Workspace, out: Path, summary: dict[str, Any]) -> None:
    _people(workspace)
    preparer, approver = day()["person"][:2]
    who, pin, other, other_pin = preparer["name"], preparer["pin"], approver["name"], approver["pin"]
    to, name = day()["settle_to"], day()["scheme"]["name"]
    payouts.add_scheme(workspace, scheme())
    refused = ""
    try:
        payouts.prepare(workspace, to, name, who, pin)
    except Refused as problem:  # the day shows that a run without a cost statement is refused
        refused = next((f.code for f in problem.findings), problem.code)
    cost = day()["cost"]
    payouts.cost_add(workspace, cost["kind"], None, cost["from"], cost["to"], cost["fen"], cost["document"])
    run = payouts.prepare(workspace, to, name, who, pin)
    same_person = ""
    try:
        payouts.approve(workspace, run.number, who, pin)
    except Refused as problem:  # and that the preparer cannot approve
        same_person = problem.code
    run = payouts.approve(workspace, run.number, other, other_pin)
    for file in ("payroll.xlsx", "payroll.csv"):
        payouts.export_payroll(workspace, run.number, out / file)
        summary["files"].append(file)
    run = payouts.close(workspace, run.number, other, other_pin)
    summary["payout"] = {
        "run": run.number, "state": run.state, "without_costs": refused, "same_person": same_person,
        "income_fen": run.income_fen, "cost_fen": run.cost_fen, "pool_fen": run.pool_fen,
        "shares": [{"technician": s.name, "fen": s.fen, "lines": s.n_lines} for s in run.shares if s.technician_id],
        "others": [{"name": s.name or s.receiver, "fen": s.fen} for s in run.shares if not s.technician_id],
        "why": explaining.as_lines(payouts.explain(workspace, run.number))[:12],
    }  # fmt: skip


def _reports(workspace: Workspace, out: Path, summary: dict[str, Any], on: date) -> None:
    summary["reports"] = {}
    for kind, period in (
        ("joining", str(on.year)),
        ("fees", str(on.year)),
        ("quarterly", "2025Q3"),
        ("transactions", "2025"),
        ("payout", "2025"),
    ):
        for suffix in (".pdf", ".xlsx"):
            made = reporting.make(workspace, kind, period=period, out=out / f"{kind}-{period}{suffix}", printed_on=on)
            summary["files"].append(made.path.name)
            summary["reports"][made.path.name] = {"sha256": made.digest, "pages": made.n_pages}


def _sync(workspace: Workspace, home: Path, summary: dict[str, Any], on: date) -> None:
    told = day()["institution"]
    database = home / "network-practice.db"
    database.unlink(missing_ok=True)
    local_network.operator(f"sqlite:///{database}", "seed-catalogue", "--n", str(day()["elsewhere"]))
    with local_network.child_network(f"sqlite:///{database}", told["name"], told["uscc"]) as (url, code):
        enrolment.enrol(workspace, url, code)
        shown = syncing.preview(workspace)
        first = syncing.sync(workspace, approved=shown.digests)
        _published(f"sqlite:///{database}", told["uscc"], on)
        _noticed(f"sqlite:///{database}", told["uscc"], on)
        again = syncing.sync(workspace)
        n_elsewhere = library.refresh_catalogue(workspace)
    summary["sync"] = {
        "previewed": shown.n_changes, "withheld": shown.n_withheld, "sent": first.sent, "received": first.received, "parked": first.parked,
        "conflicts": first.conflicts, "digest_equal": bool(first.digest_equal), "again": {"sent": again.sent, "received": again.received},
        "catalogue": n_elsewhere,
    }  # fmt: skip


def _published(database: str, uscc: str, on: date) -> None:
    """The practice network lists a set, holds another one back, and evaluates the first."""
    for command, told in (*(("publication", one) for one in day()["published"]), ("evaluation", day()["network_evaluation"])):
        given = [word for name, value in told.items() for word in (f"--{name.replace('_', '-')}", value)]
        local_network.operator(database, command, "--uscc", uscc, "--on", on.isoformat(), *given)


def _noticed(database: str, uscc: str, on: date) -> None:
    """The practice network sends a notice that asks for an answer."""
    told = day()["notice"]
    due = on + timedelta(days=told["days"])
    given = [word for name in ("kind", "title", "text") for word in (f"--{name}", told[name])]
    local_network.operator(database, "notice", "--uscc", uscc, "--due", due.isoformat(), *given)


def _clauses(practice: rehearsal_clauses.Practice) -> None:
    found = rehearsal_clauses.walk(practice)
    (practice.out / CLAUSES_FILE).write_text(
        json.dumps({number: asdict(one) for number, one in found.items()}, ensure_ascii=False, indent=1), "utf-8"
    )
    files = practice.summary["files"]
    files += [name for one in found.values() for name in one.documents if name not in files]
    files.append(CLAUSES_FILE)
    shown = [number for number, one in found.items() if one.figures and one.documents]
    practice.summary["clauses"] = {"shown": shown, "empty": [number for number in found if number not in shown]}
