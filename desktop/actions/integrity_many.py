"""Answering many findings of the self-checks at once: with one reason for all, or by a table with a row for each; all of them or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop.actions import evidence, integrity, integrity_answers
from desktop.actions.integrity_answers import Point
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Cell, Finding, finding
from desktop.ledger.integrity import ANSWER_STATES, INTEGRITY_CHECKS, IntegrityAnswer
from desktop.ledger.keys import new_key
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import integrity_answers as rules
from desktop.store import integrity_answers as rows
from desktop.store.database import Connection
from desktop.store.integrity_answers import ANSWERS, Named
from desktop.words import say, say_in


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a check of a record, as a person gives it; ``row`` of the file it stands in, 0: in none. ``on`` None: today; ``by`` "": who acts."""

    check: str
    number: str
    state: str
    text: str
    correction: str = ""
    evidence: str = ""
    on: date | None = None
    by: str = ""
    row: int = 0


def shared(points: Iterable[tuple[str, str]], state: str, text: str, *, by: str = "", papers: str = "", on: date | None = None) -> list[Given]:
    """The same answer for each check and record number. What was corrected is said record by record: by a table, or one at a time."""
    return [Given(check, number, state, text, evidence=papers, on=on, by=by) for check, number in points]


def answer(workspace: Workspace, given: Sequence[Given], file: Path | None = None, progress: Progress = UNWATCHED) -> Changes:
    """Answer all of these in one operation that undo takes back whole; ``file`` is attached to each answer.

    Raises Refused ``integrity.none_answered`` with what speaks against each, ``integrity.nothing_given``, Problem for a file that is not taken,
    Cancelled; nothing is written then.
    """
    if not given:
        raise Refused("integrity.nothing_given")
    taken = None if file is None else evidence.read(file, progress)
    with workspace.read() as connection:
        records = {one.number: rows.named(connection, one.number) for one in given}
        named = {one.correction: rows.named(connection, one.correction) for one in given if one.correction.strip()}
        answered = _answered(connection, [one for one in records.values() if one is not None])
    progress.check()
    seen = _pointed(workspace, [(one.check, record) for one in given if (record := records[one.number]) is not None])
    told: list[Finding] = []
    made: list[IntegrityAnswer] = []
    for one in given:
        record = records[one.number]
        if record is None:
            told.append(_at(finding("integrity.record_unknown", number=one.number.strip()), one))
            continue
        said = _made(workspace, one, record)
        about = _about(one, record, named.get(one.correction), (one.check, record) in seen or (one.check, record.id) in answered)
        told += [_at(found, one) for found in rules.faults(said, about, today())]
        made.append(said)
    told += _together(given, records, file)
    if told:
        raise Refused("integrity.none_answered", findings=tuple(told), n=len(given), wrong=len({one.cell for one in told}))
    with workspace.write("integrity answers", params={"n": str(len(made))}) as operation:
        ANSWERS.insert(operation.connection, made)
        if taken is not None:
            for said in made:
                progress.check()
                evidence.attach(operation.connection, "integrity_answer", said.id, taken, "", workspace.who)
            evidence.sweep(operation.connection)
    return operation.changes


def _answered(connection: Connection, records: Sequence[Named]) -> set[tuple[str, str]]:
    wanted = {one.id for one in records}
    return {(one.check_name, one.record_id) for one in ANSWERS.find(connection) if one.record_id in wanted}


def _pointed(workspace: Workspace, asked: Sequence[tuple[str, Named]]) -> set[tuple[str, Named]]:
    """Those of these that their check sees, each year looked at once."""
    found: set[tuple[str, Named]] = set()
    for year in {record.ended_on.year for _, record in asked}:
        of_year = [(check, record) for check, record in asked if record.ended_on.year == year]
        seen = integrity_answers.pointed(workspace, {check for check, _ in of_year}, year)
        found |= {(check, record) for check, record in of_year if (check, record.number) in seen}
    return found


def _made(workspace: Workspace, one: Given, record: Named) -> IntegrityAnswer:
    return IntegrityAnswer(
        new_key(confidential=record.confidential), one.check, record.id, one.state, one.text.strip(), one.on or today(),  # type: ignore[arg-type]  # the rule refuses others
        one.correction.strip(), one.evidence.strip(), one.by.strip() or workspace.who,
    )  # fmt: skip


def _about(one: Given, record: Named, named: Named | None, pointed: bool) -> rules.About:
    if named is not None and named.confidential and not record.confidential:
        named = None  # an answer about an ordinary record is printed: it tells nothing of a confidential one
    # What was taken back is seen by no check any more; that it was corrected can still be said.
    seen = pointed or (record.state == "reversed" and one.state == "corrected")
    same_set = named is None or named.asset_number == record.asset_number
    return rules.About(record.number, record.ended_on, seen, named.state if named else "", same_set)


def _together(given: Sequence[Given], records: dict[str, Named | None], file: Path | None) -> Iterable[Finding]:
    """What speaks against giving them together: one twice, or what is printed or collected of an ordinary answer for what is confidential."""
    known: set[tuple[str, str]] = set()
    for one in given:
        place = (one.check, one.number.strip())
        if place in known:
            yield _at(finding("integrity.answered_twice", number=one.number.strip()), one)
        known.add(place)
    said: dict[bool, set[tuple[str, str]]] = {False: set(), True: set()}
    for one in given:
        record = records[one.number]
        if record is not None:
            papers = "" if file is None else str(file)
            said[record.confidential] |= {(name, words) for name, words in (
                ("text", one.text.strip()), ("evidence", one.evidence.strip()), ("file", papers)
            ) if words}  # fmt: skip
    for name in sorted({name for name, _ in said[False] & said[True]}):
        yield finding("integrity.mixed_secret", field=name)


def _at(found: Finding, one: Given) -> Finding:
    """Which record, and which row of the file, a finding is of."""
    return replace(found, cell=Cell("", one.row, one.number.strip()), key=one.number.strip())


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands open by check and record and is not confidential; ``n_withheld``: how many confidential ones stand open beside them."""

    points: tuple[Point, ...]
    n_withheld: int


def standing(workspace: Workspace, period: Period, checks: Collection[str]) -> Standing:
    """What stands open in a period and may be answered together or leave the ledger."""
    found = integrity_answers.every(workspace, period, min(period.last_day, today()), checks)
    still = [one for one in found.points if one.state == "open"]
    plain = tuple(one for one in still if not one.confidential)
    return Standing(plain, len(still) - len(plain))


def save_table(workspace: Workspace, path: Path, period: Period, checks: Collection[str] = INTEGRITY_CHECKS) -> Standing:
    """Write what stands open as a table to be filled in (``.xlsx``, ``.csv``), a row for each point that is returned.

    The file is not encrypted: confidential points are not in it. Raises Refused ``integrity.nothing_open``, ``integrity.only_secret_open`` when
    all of them are confidential; Problem ``file.ending``, ``file.cannot_write``, ``file.disk_full``.
    """
    from desktop.formats import integrity_table, write

    found = standing(workspace, period, checks)
    if not found.points:
        if found.n_withheld:
            raise Refused("integrity.only_secret_open", period=period.name, n=found.n_withheld)
        raise Refused("integrity.nothing_open", period=period.name)
    lines = [
        (
            say(f"integrity.short.{one.check}"), one.number, one.ended_on, one.instrument,
            "" if one.seen is None else integrity.detail_words(one.check, one.seen.detail),
        )
        for one in found.points
    ]  # fmt: skip
    write.write(path, [integrity_table.sheet_of(lines)])
    return found


def read_table(path: Path, progress: Progress = UNWATCHED) -> list[Given]:
    """The answers of a filled-in table; rows without an answer and a text are not answered yet and left out.

    Raises Refused ``integrity.none_answered`` with what cannot be read; Problem for a file or table that cannot; Cancelled.
    """
    from desktop.formats import integrity_table, spreadsheet

    progress.report(0, 0, "work.reading")
    sheet = integrity_table.read_rows(spreadsheet.read(path, cancelled=progress.cancelled), cancelled=progress.cancelled)
    checks = _codes(("integrity.short", "integrity"), INTEGRITY_CHECKS)
    states = _codes(("integrity.state",), ANSWER_STATES)
    told = [found for row in sheet.rejected for found in row.findings]
    if told:
        raise Refused("integrity.none_answered", findings=tuple(told), n=sheet.n_rows, wrong=len(sheet.rejected))
    return [
        Given(
            checks.get(row.check.casefold(), row.check), row.number, states.get(row.state.casefold(), row.state), row.text, row.correction, row.evidence,
            row.on, row.by, row.row,
        )
        for row in sheet.rows
        if row.state or row.text
    ]  # fmt: skip


def _codes(places: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """Code and words in both languages -> code."""
    return {
        said.casefold(): code
        for code in codes
        for said in (code, *(say_in(language, f"{place}.{code}") for place in places for language in ("zh", "en")))
    }
