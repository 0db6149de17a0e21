"""What the network publishes: notices to the institution, code books, other institutions' instruments. Kept here, so read without a line.

Notices and books are read after a sync, and only when the service says that there is something new. The catalogue is large and is read when
a person asks. Nothing of it counts in the ledger by itself: a calendar is taken by ``calendars`` as a file would be, a rule value never.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from desktop.actions import sync_line
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import SHANGHAI, Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.notice import LONGEST_ANSWER, Benchmark, Notice, NoticeAnswer
from desktop.ledger.problem import Refused
from desktop.rules.figure import Figure
from desktop.rules.price_order import first_amount
from desktop.store import library as rows
from desktop.words import known, say

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.messages import NoticeItem

BENCHMARKS = "benchmarks"
_READ_AT = "catalogue.read_at."
_SEARCHED = (
    "name", "english_name", "model", "manufacturer", "class_code", "category", "functions", "service_content", "subjects", "network_number",
    "institution_name", "city", "county",
)  # fmt: skip

__all__ = [
    "Benchmark", "Notice", "NoticeAnswer", "answer", "benchmarks", "calendar_years", "explain", "issued", "mark", "notices", "plain", "read_new",
    "refresh_catalogue",
]  # fmt: skip


def read_new(workspace: Workspace, client: Client, remote: str) -> int:
    """Read the notices and books that are new or changed since the last run; how many notices are new.

    Asks for nothing when the run before it heard of nothing new. Raises RemoteProblem; what was read stays.
    """
    return _read_notices(workspace, client, remote) + _read_books(workspace, client, remote)


def _read_notices(workspace: Workspace, client: Client, remote: str) -> int:
    with workspace.read() as connection:
        cursor = rows.notices_cursor(connection, remote)
    newest, n_new = client.newest_notice, 0
    if newest in ("", cursor or "0"):
        return 0
    if cursor and _number(newest) < _number(cursor):
        cursor = ""  # the service came from a backup: its numbers began anew
    while True:
        page = client.notices(cursor)
        cursor = page.cursor
        with workspace.write("sync", undoable=False, params={"step": "sync: notices"}) as operation:
            rows.keep_notices(operation.connection, remote, cursor, [_row(each) for each in page.items])
        n_new += len(page.items)
        if not page.more:
            return n_new


def _number(cursor: str) -> int:
    return int(cursor) if cursor.isascii() and cursor.isdigit() else 0


def _row(item: NoticeItem) -> tuple[Any, ...]:
    return (item.id, item.kind, item.title, item.text, item.issued_on, item.due_on, datetime.now(UTC).isoformat(timespec="seconds"))


def _read_books(workspace: Workspace, client: Client, remote: str) -> int:
    with workspace.read() as connection:
        have = rows.book_versions(connection, remote)
    if have == client.books:
        return 0
    for name, version in client.books.items():
        if have.get(name) == version:
            continue
        book = client.codebook(name)
        with workspace.write("sync", undoable=False, params={"step": "sync: books"}) as operation:
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            rows.keep_book(operation.connection, remote, name, book.version, bytes(book.content).decode(), moment)
    with workspace.write("sync", undoable=False, params={"step": "sync: books"}) as operation:
        rows.drop_books(operation.connection, remote, client.books)
    return 0


def notices(workspace: Workspace) -> list[Notice]:
    """Every notice, those nobody has marked first, the nearest day to answer by before the others."""
    with workspace.read() as connection:
        found, told = rows.notices(connection), rows.answers(connection)
    answers: dict[str, list[NoticeAnswer]] = {}
    for one in told:
        given = NoticeAnswer(**{**one, "answered_on": date.fromisoformat(one["answered_on"]), "sent": bool(one["sent"])})
        answers.setdefault(given.notice_id, []).append(given)
    return [
        Notice(**{**row, "issued_on": _day(row["issued_on"]), "due_on": _day(row["due_on"])}, answers=tuple(answers.get(row["id"], ())))
        for row in found
    ]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def mark(workspace: Workspace, key: str, *, read: bool = True) -> Changes:
    """Mark a notice as read by whoever is at the desk, or as not read. Raises Refused when there is none of this key."""
    moment = datetime.now(UTC).isoformat(timespec="seconds") if read else None
    with workspace.write("setting") as operation:
        if not rows.mark_notice(operation.connection, key, moment, workspace.who):
            raise Refused("notice.unknown", key=key)
    return Changes(0, frozenset({"sync"}))


def answer(workspace: Workspace, key: str, text: str, on: date | None = None) -> Changes:
    """Answer a notice, which marks it as read; the answer goes with the next sync to the remote that sent it. An answer is never edited:
    a further one adds to it. Undo takes it back.

    ``on``: the day of the answer, today when not given. Raises Refused for an unknown notice, an empty or too long text, a day to come, or one
    before the notice was issued: an answer of such a day would pass for one in time.
    """
    said, day = text.strip(), on or today()
    if not said:
        raise Refused("notice.empty_answer")
    if len(said) > LONGEST_ANSWER:
        raise Refused("notice.long_answer", n=f"{len(said):,}", most=f"{LONGEST_ANSWER:,}")
    if day > today():
        raise Refused("notice.answer_to_come", day=day.isoformat())
    notice = _named(workspace, key)
    # Today can always be said, also where the clock of the desk is behind the one of whoever issued it.
    if day < min(issued(notice), today()):
        raise Refused("notice.answer_before", day=day.isoformat(), issued=issued(notice).isoformat())
    with workspace.write("notice answer", params={"title": notice.title}) as operation:
        rows.keep_answer(operation.connection, (new_key(), key, said, day.isoformat(), workspace.who))
        rows.mark_notice(operation.connection, key, datetime.now(UTC).isoformat(timespec="seconds"), workspace.who)
    return Changes(operation.changes.operation, operation.changes.kinds | {"sync"})


def explain(workspace: Workspace, key: str, on: date | None = None) -> Figure:
    """How a notice stands on a day (today when None), as a tree: its own day to answer by, the first answer, the working days between.

    Raises Refused for an unknown notice.
    """
    from desktop.actions import duties, rules_in_force
    from desktop.rules import integrity_answers as rules

    one = _named(workspace, key.strip())
    day = on or today()
    first = min((each.answered_on for each in one.answers if each.answered_on <= day), default=None)
    return rules.notice_figure(one.title, one.due_on, first, day, duties.calendar_of(workspace), rules_in_force.of(workspace))


def issued(notice: Notice) -> date:
    """The day a notice was issued; where it does not say, the day it was received at the desk, in Asia/Shanghai."""
    if notice.issued_on is not None:
        return notice.issued_on
    received = datetime.fromisoformat(notice.received_at)
    return (received if received.tzinfo else received.replace(tzinfo=UTC)).astimezone(SHANGHAI).date()


def _named(workspace: Workspace, key: str) -> Notice:
    for one in notices(workspace):
        if one.id == key:
            return one
    raise Refused("notice.unknown", key=key)


# The catalogue


def refresh_catalogue(workspace: Workspace, remote: str = NETWORK, progress: Progress = UNWATCHED) -> int:
    """Read the whole catalogue anew; how many instruments it has. What was known stays until its end, a broken reading loses nothing.

    Raises Refused when not enrolled, RemoteProblem, Cancelled.
    """
    with workspace.read() as connection:
        turn = rows.next_round(connection, remote)
    with sync_line.reached(workspace, remote, progress) as client:
        client.capabilities()
        cursor, n_read, more = "", 0, True
        while more:
            progress.check()
            page = client.catalogue(cursor)
            with workspace.write("sync", undoable=False, params={"step": "sync: catalogue"}) as operation:
                rows.keep_entries(operation.connection, remote, turn, [_entry(each) for each in page.items])
            n_read += len(page.items)
            progress.report(n_read, 0, "library.reading_catalogue")
            more = page.more and page.cursor != cursor
            cursor = page.cursor
    with workspace.write("sync", undoable=False, params={"step": "sync: catalogue"}) as operation:
        n_known = rows.end_round(operation.connection, remote, turn)
    workspace.keep(_READ_AT + remote, datetime.now(UTC).isoformat(timespec="seconds"))
    return n_known


def _entry(item: Mapping[str, Any]) -> tuple[str | int | None, ...]:
    from desktop.sync.canonical import encode

    told = {name: str(value) for name, value in item.items() if value not in (None, "")}
    place = f"{told.get('city', '')}{told.get('county', '')}"
    searched = plain("\n".join(told.get(name, "") for name in _SEARCHED))
    fee_fen = first_amount(told.get("fee_text", ""))
    return told.get("id", ""), told.get("institution_name", ""), told.get("name", ""), place, searched, encode(told).decode(), fee_fen


def plain(text: str) -> str:
    """A text as it is searched in: upper and lower case and the width of signs make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def catalogue_read_at(workspace: Workspace, remote: str = NETWORK) -> tuple[int, str]:
    """How many instruments of others are known, and when they were last read whole (UTC, ISO text; "" for never)."""
    with workspace.read() as connection:
        n_known = rows.n_entries(connection, remote)
    return n_known, workspace.setting(_READ_AT + remote)


# Books


def books(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    """Remote, name, version and moment of reading (UTC, ISO text) of every book."""
    with workspace.read() as connection:
        return rows.books(connection)


def benchmarks(workspace: Workspace) -> list[Benchmark]:
    """Every benchmark the remotes published, the newest year first; for people to read, no rule takes it.

    A year's table gives name -> value, or name -> {value, source}; a ``source`` of the table itself is the source of all in it. What is of
    another shape is left out.
    """
    told = []
    with workspace.read() as connection:
        for remote, name, version, read_at in rows.books(connection):
            years = json.loads(rows.book(connection, remote, name) or "{}") if name == BENCHMARKS else {}
            for year, table in years.items() if isinstance(years, dict) else ():
                for key, value, source in _values(table):
                    told.append(Benchmark(remote, str(year), key, value, source, version, read_at))
    return sorted(told, key=lambda one: (one.year, one.remote), reverse=True)


def _values(table: object) -> Iterable[tuple[str, str, str]]:
    if not isinstance(table, dict):
        return
    of_all = str(table.get("source") or "")
    for name, given in table.items():
        value, source = (given.get("value"), str(given.get("source") or of_all)) if isinstance(given, dict) else (given, of_all)
        if name != "source" and isinstance(value, str | int) and not isinstance(value, bool):
            yield str(name), str(value), source


def benchmark_words(name: str) -> str:
    """What a benchmark is called; one we do not know as it is written."""
    return say(f"library.benchmark.{name}") if known(f"library.benchmark.{name}") else name


def book_words(name: str) -> str:
    """What a code book is called; one we do not know as it is written."""
    code = f"library.book.{name.replace('-', '_')}"
    return say(code) if known(code) else name


def calendar_years(workspace: Workspace, remote: str = NETWORK) -> dict[int, str]:
    """The years of the calendar that a remote published, each as the TOML text a calendar file has; none when it published none."""
    with workspace.read() as connection:
        written = rows.book(connection, remote, "calendar")
    content = json.loads(written) if written else {}
    told = {}
    for year, table in content.items() if isinstance(content, dict) else ():
        if str(year).isdigit() and isinstance(table, dict):
            told[int(year)] = "\n".join(_toml(table))
    return dict(sorted(told.items()))


def _toml(table: Mapping[str, Any]) -> Iterable[str]:
    """A flat table and its tables, as TOML; texts are written as JSON writes them, which TOML reads."""
    for name, value in table.items():
        if isinstance(value, str | int):
            yield f"{json.dumps(str(name))} = {json.dumps(value, ensure_ascii=False)}"
    for name, value in table.items():
        if isinstance(value, dict):
            yield f"[{json.dumps(str(name))}]"
            for key, told in value.items():
                yield f"{json.dumps(str(key))} = {json.dumps(str(told), ensure_ascii=False)}"
