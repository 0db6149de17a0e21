"""Reports: the ledger's facts gathered into content, printed as PDF or XLSX, and what was printed remembered by digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions import anchoring, institution, performance, printed_figures, rules_in_force, university, upkeep
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.report_rules import RULES
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.document_number import distinct
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.period import Period
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.rules.settlement_checks import CAP_KEY, CAPPED_KIND

if TYPE_CHECKING:
    from desktop.actions.repricing import Asked
    from desktop.reports.content import Content, Letterhead
    from desktop.reports.pdf import Paper

KINDS = (
    "joining", "fees", "quarterly", "transactions", "performance", "benefit", "balance", "transfers", "award", "integrity",
    "rectification", "national_income", "national_assets", "national_audit", "pilot_catalogue", "pilot_award", "pilot_performance", "trainings", "management",
    "sensors", "university", "cers", "payout",
)  # fmt: skip
FORMATS = (".pdf", ".xlsx")


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was written: where, its SHA-256, pages (0 for a workbook), and what could not be printed as written."""

    path: Path
    digest: str
    n_pages: int
    findings: tuple[Finding, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report as it would be printed today: the PDF, its name, and what the history needs when it goes to a printer."""

    kind: str
    title: str
    period: str
    data: bytes
    n_pages: int
    findings: tuple[Finding, ...]
    parameters_hash: str
    ledger_head: str
    figures: str


@dataclass(frozen=True, slots=True)
class Printed:
    """One entry of the history of printed reports."""

    kind: str
    period: str
    printed_on: date
    person: str
    format: str
    digest: str


def span(kind: str, text: str | None) -> Period:
    """The period a report is asked for; this year when none is given. Raises Refused for one it cannot have."""
    try:
        found = periods.parse(text or str(today().year))
    except ValueError as error:
        raise Refused("report.period", period=text) from error
    if kind in ("transactions", "award", "pilot_award", "pilot_performance") and (found.end - found.start).days < 360:
        raise Refused("report.period_year", period=found.name)
    return found


def _letterhead(workspace: Workspace, kind: str, as_of: date) -> Letterhead:
    from desktop.reports.content import Letterhead

    known = rules_in_force.of(workspace)
    own = institution.get(workspace)
    told = []
    for key in RULES[kind]:
        rule = known.in_force(key, as_of)
        if rule is not None and (key != CAP_KEY or own.kind == CAPPED_KIND):
            told.append(f"{rule.source} {rule.clause}".strip())
    return Letterhead(own.name, as_of, upkeep.head(workspace), known.hash(as_of), distinct(told), anchoring.words(anchoring.newest(workspace)))


def _chosen(workspace: Workspace, kind: str, text: str | None) -> Period:
    if kind in ("transfers", "award", "pilot_award", "pilot_performance"):  # of a year that is over
        text = text or str(today().year - 1)
    if kind == "transfers":
        return performance.span(workspace, text)
    if kind == "university":
        return _academic(workspace, text)
    return performance.span(workspace, text) if kind in ("performance", "benefit", "balance") else span(kind, text)


def _academic(workspace: Workspace, text: str | None) -> Period:
    """An academic year; the one that ended in a calendar year, or the last that is over."""
    if text is not None and periods.academic_first(text) is None:
        ended = span("university", text).start.year
        text = f"{ended - 1}-{ended}"
    return university.year(workspace, text)


def content(
    workspace: Workspace, kind: str, period: str | None = None, run: str | None = None, on: date | None = None
) -> Content:
    """What a report says on a day (today when None), as plain data.

    Raises Refused for an unknown kind, a wrong period, or a run that is not there.
    """
    from desktop.actions import report_facts

    if kind not in KINDS:
        raise Refused("report.kind", kind=kind, kinds="|".join(KINDS))
    chosen = _chosen(workspace, kind, period)
    # An award is applied for in the year after, by the rules of that day; a notice may still be open then; the sharing system and the audit know no year.
    as_of = on or today() if kind in ("award", "pilot_award", "rectification", "cers", "national_audit") else min(chosen.end - timedelta(days=1), on or today())
    return report_facts.GATHER[kind](workspace, chosen, as_of, run, _letterhead(workspace, kind, as_of))


def preview(
    workspace: Workspace, kind: str, period: str | None = None, run: str | None = None, progress: Progress = UNWATCHED
) -> Paper:
    """The PDF as it would be printed today, without writing anything."""
    from desktop.reports import pdf

    return pdf.render(content(workspace, kind, period, run), today(), _tick(progress))


def draw(
    workspace: Workspace, kind: str, period: str | None = None, run: str | None = None, progress: Progress = UNWATCHED
) -> Drawn:
    """The PDF as it would be printed today with what names it, without writing anything. Raises as ``content``, and Cancelled."""
    said = content(workspace, kind, period, run)
    return _drawn(kind, run or said.period, said, progress)


def draw_purchase(workspace: Workspace, number: str, progress: Progress = UNWATCHED) -> Drawn:
    """The report of a purchase's duplicate review as ``make_purchase`` would write it today, without writing anything.

    Raises Refused for an unknown purchase, and Cancelled.
    """
    named, said = _purchase(workspace, number)
    return _drawn("purchase", named, said, progress)


def draw_handover(workspace: Workspace, number: str, progress: Progress = UNWATCHED) -> Drawn:
    """The handover form of a transfer as ``make_handover`` would write it today, without writing anything.

    Raises Refused for an unknown number or a confidential set, and Cancelled.
    """
    from desktop.actions import transfer_form

    said = transfer_form.gather(workspace, number, _letterhead(workspace, "transfers", today()))
    return _drawn("transfers", number, said, progress)


def draw_repricing(workspace: Workspace, period: Period, asked: Asked, progress: Progress = UNWATCHED) -> Drawn:
    """What a span would have cost under other prices, as ``make_repricing`` would write it today, without writing anything.

    Raises as ``repricing.over``.
    """
    return _drawn("repricing", period.name, _repricing(workspace, period, asked, today(), progress), progress)


def _repricing(workspace: Workspace, period: Period, asked: Asked, day: date, progress: Progress) -> Content:
    from desktop.actions import repricing_report

    head = _letterhead(workspace, "repricing", min(period.last_day, day))
    return repricing_report.gather(workspace, period, asked, head, progress)


def _drawn(kind: str, period: str, said: Content, progress: Progress) -> Drawn:
    from desktop.reports import pdf

    progress.check()
    paper = pdf.render(said, today(), _tick(progress))
    head = said.letterhead
    figures = printed_figures.packed(said)
    return Drawn(kind, said.title, period, paper.data, paper.n_pages, paper.findings, head.parameters_hash, head.ledger_head, figures)


def on_paper(workspace: Workspace, drawn: Drawn) -> Changes:
    """Remember that a drawn report went to a printer, by the digest of what was printed."""
    digest = hashlib.sha256(drawn.data).hexdigest()
    return _remember(workspace, drawn.kind, drawn.period, today(), "paper", digest, drawn.parameters_hash, drawn.ledger_head, drawn.figures)


def _tick(progress: Progress) -> Callable[[int, int], None]:
    def tick(done: int, total: int) -> None:
        progress.report(done, total, "work.printing")
        progress.check()

    return tick


def make(
    workspace: Workspace,
    kind: str,
    *,
    period: str | None = None,
    out: Path,
    run: str | None = None,
    printed_on: date | None = None,
    progress: Progress = UNWATCHED,
) -> Made:
    """Write a report; the format is the file's ending. The file appears whole or not at all, and its digest is remembered.

    Raises Problem when the place cannot be written, Refused for another ending.
    """
    _suffix(out)
    day = printed_on or today()
    said = content(workspace, kind, period, run, day)
    return _put(workspace, kind, run or said.period, said, out, day, progress)


def make_statement(
    workspace: Workspace, run: str, technician: str, *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED
) -> Made:
    """Write one technician's statement of a run, every line behind the sum; ``technician`` is a staff number.

    Raises Problem when the place cannot be written, Refused for another ending, an unknown run, or one that pays them nothing.
    """
    from desktop.actions import payout_report

    _suffix(out)
    day = printed_on or today()
    said = payout_report.statement_of(workspace, run, technician, _letterhead(workspace, "payout", day))
    # It is a part of the payout sheet, printed on its own: the history lists it there.
    return _put(workspace, "payout", f"{run} {technician}", said, out, day, progress)


def make_purchase(
    workspace: Workspace, number: str, *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED
) -> Made:
    """Write the report of a purchase's duplicate review, to be signed; a draft while nobody has settled it.

    Raises Problem when the place cannot be written, Refused for another ending or an unknown purchase.
    """
    _suffix(out)
    named, said = _purchase(workspace, number)
    return _put(workspace, "purchase", named, said, out, printed_on or today(), progress)


def _purchase(workspace: Workspace, number: str) -> tuple[str, Content]:
    from desktop.actions import purchase_report, purchases

    found = purchases.view(workspace, number, with_rows=True)  # its tree is kept with the paper
    return found.proposal.number, purchase_report.content(
        workspace, found, _letterhead(workspace, "purchase", purchase_report.as_of(found))
    )


def make_comparison(
    workspace: Workspace, before: str, after: str, dated: str = "settled", *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED
) -> Made:
    """Write what was paid in two periods side by side (``payout_comparison``).

    Raises Problem when the place cannot be written, Refused for another ending or periods that cannot be compared.
    """
    _suffix(out)
    day = printed_on or today()
    key, said = _comparison(workspace, before, after, dated, day)
    return _put(workspace, "payout_comparison", key, said, out, day, progress)


def draw_comparison(workspace: Workspace, before: str, after: str, dated: str = "settled", progress: Progress = UNWATCHED) -> Drawn:
    """The same as ``make_comparison`` would write it today, without writing anything. Raises Refused likewise, and Cancelled."""
    key, said = _comparison(workspace, before, after, dated, today())
    return _drawn("payout_comparison", key, said, progress)


def _comparison(workspace: Workspace, before: str, after: str, dated: str, day: date) -> tuple[str, Content]:
    from desktop.actions import payout_comparison, payout_comparison_report

    found = payout_comparison.compare(workspace, before, after, dated)
    return found.key, payout_comparison_report.content(found, _letterhead(workspace, "payout_comparison", day))


def make_claim(workspace: Workspace, number: str, *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED) -> Made:
    """Write the paper of a voucher claim; a draft while nobody has submitted it.

    Raises Problem when the place cannot be written, Refused for another ending or an unknown claim.
    """
    _suffix(out)
    named, said = _claim(workspace, number)
    return _put(workspace, "voucher", named, said, out, printed_on or today(), progress)


def draw_claim(workspace: Workspace, number: str, progress: Progress = UNWATCHED) -> Drawn:
    """The paper of a voucher claim as ``make_claim`` would write it today, without writing anything.

    Raises Refused for an unknown claim, and Cancelled.
    """
    named, said = _claim(workspace, number)
    return _drawn("voucher", named, said, progress)


def _claim(workspace: Workspace, number: str) -> tuple[str, Content]:
    from desktop.actions import voucher_claims, voucher_report

    found = voucher_claims.show(workspace, number)
    return found.claim.number, voucher_report.content(found, _letterhead(workspace, "voucher", voucher_report.as_of(found)))


def make_repricing(
    workspace: Workspace, period: Period, asked: Asked, *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED
) -> Made:
    """Write what a span would have cost under other prices; the history keeps that it was written.

    Raises Problem when the place cannot be written, Refused for another ending, and as ``repricing.over``.
    """
    _suffix(out)
    day = printed_on or today()
    return _put(workspace, "repricing", period.name, _repricing(workspace, period, asked, day, progress), out, day, progress)


def make_filing(
    workspace: Workspace, *, out: Path, with_names: bool = False, printed_on: date | None = None, progress: Progress = UNWATCHED
) -> Made:
    """Write the filing statement of the confidential sets; the history keeps that it was written, and nothing of what it says.

    Raises Problem when the place cannot be written, Refused for another ending.
    """
    _suffix(out)
    day = printed_on or today()
    said = _filing(workspace, day, with_names)
    return _put(workspace, "filing", said.period, said, out, day, progress)


def draw_filing(workspace: Workspace, progress: Progress = UNWATCHED) -> Drawn:
    """The filing statement as ``make_filing`` would write it today without names, without writing anything. Raises Cancelled."""
    said = _filing(workspace, today(), False)
    return _drawn("filing", said.period, said, progress)


def _filing(workspace: Workspace, day: date, with_names: bool) -> Content:
    from desktop.actions import filing

    return filing.gather(workspace, day, with_names, _letterhead(workspace, "joining", day))


def make_handover(workspace: Workspace, number: str, *, out: Path, printed_on: date | None = None, progress: Progress = UNWATCHED) -> Made:
    """Write the handover form of a transfer; the history lists it with the candidates for transfer.

    Raises Problem when the place cannot be written, Refused for another ending, an unknown number or a confidential set.
    """
    from desktop.actions import transfer_form

    _suffix(out)
    day = printed_on or today()
    said = transfer_form.gather(workspace, number, _letterhead(workspace, "transfers", day))
    return _put(workspace, "transfers", number, said, out, day, progress)


def _suffix(out: Path) -> str:
    suffix = out.suffix.lower()
    if suffix not in FORMATS:
        raise Refused("report.format", path=out.name)
    return suffix


def _put(workspace: Workspace, kind: str, period: str, said: Content, out: Path, day: date, progress: Progress) -> Made:
    findings: tuple[Finding, ...] = ()
    n_pages = 0
    suffix = _suffix(out)
    if suffix == ".pdf":
        from desktop.reports import pdf

        paper = pdf.render(said, day, _tick(progress))
        data, n_pages, findings = paper.data, paper.n_pages, paper.findings
    else:
        from desktop.reports import xlsx

        data = xlsx.render(said, day, _tick(progress))
    _write(out, data)
    digest = hashlib.sha256(data).hexdigest()
    head = said.letterhead
    changes = _remember(workspace, kind, period, day, suffix[1:], digest, head.parameters_hash, head.ledger_head, printed_figures.packed(said))
    return Made(out, digest, n_pages, findings, changes)


def _remember(
    workspace: Workspace, kind: str, period: str, day: date, how: str, digest: str, parameters_hash: str, ledger_head: str, figures: str
) -> Changes:
    with workspace.write("report print", undoable=False, params={"kind": kind}) as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO printed_report (id, kind, period, printed_on, person, format, digest, parameters_hash, ledger_head, figures) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (new_key(), kind, period, day.isoformat(), workspace.who, how, digest, parameters_hash, ledger_head, figures),
        )
    return operation.changes


def _write(out: Path, data: bytes) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, out)
    except OSError as error:
        with suppress(OSError):  # a folder that refuses the file refuses its removal too
            part.unlink(missing_ok=True)
        raise Problem("report.cannot_write", path=out, detail=reason_of(error)) from error


def of_file(workspace: Workspace, path: Path) -> tuple[str, Printed | None]:
    """The SHA-256 of a file and the entry of the history that is exactly this file, if there is one.

    Raises Problem when the file cannot be read.
    """
    digest = printed_figures.digest_of(path)
    return digest, next((entry for entry in printed(workspace, 100_000) if entry.digest == digest), None)


def printed(workspace: Workspace, limit: int = 100) -> list[Printed]:
    """The reports printed last."""
    sql = "SELECT kind, period, printed_on, person, format, digest FROM printed_report ORDER BY rowid DESC LIMIT ?"
    with workspace.read() as connection:
        return [
            Printed(r[0], r[1], date.fromisoformat(r[2]), r[3], r[4], r[5]) for r in connection.exec_driver_sql(sql, (limit,))
        ]
