"""The network's word on the institution's own instruments: number, publication, evaluations. Read after a sync, and only when it changed.

A confidential instrument is never among what is shown: nothing of it was sent, and where the network has one that became confidential since,
only their count is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from desktop.actions import duties
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace, today
from desktop.ledger.duty import DutyState
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.ledger.publication import STATES, UNKNOWN_THERE, NetworkEvaluation, Publication
from desktop.reports import phrases
from desktop.rules import publications as rules
from desktop.rules.figure import Figure
from desktop.rules.publications import PublicationFacts, Standing
from desktop.store import publications as rows
from desktop.store.facts import INSTRUMENTS
from desktop.words import say

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.messages import PublicationItem

__all__ = ["Line", "Overview", "explain", "grade_words", "of_one", "overview", "read_new", "state_name", "state_words"]


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument that is not confidential, and what the network says of it; ``facts`` is what the standing was found from."""

    instrument: Instrument
    told: Publication | None
    standing: Standing
    findings: tuple[Finding, ...]
    facts: PublicationFacts

    @property
    def figure(self) -> Figure:
        """Why it stands so."""
        return rules.explain(self.facts)


@dataclass(frozen=True, slots=True)
class Overview:
    """``known``: the network said something of at least one instrument; before, nothing is missing there.

    ``as_of``: the moment of the last sync (UTC, ISO text), "" for none.
    ``elsewhere``: what the network has under keys that are not here; ``n_confidential``: how many of them are confidential here.
    """

    known: bool
    as_of: str
    lines: tuple[Line, ...]
    elsewhere: tuple[Publication, ...]
    n_confidential: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All there is to look at, instrument by instrument."""
        return (*(each for line in self.lines for each in line.findings), *self.of_none_here)

    @property
    def of_none_here(self) -> tuple[Finding, ...]:
        """What belongs to no instrument that is shown: keys that are not here, and how many are confidential."""
        found = [finding("publication.not_here", "warning", number=one.network_number or one.instrument_id) for one in self.elsewhere]
        if self.n_confidential:
            found.append(finding("publication.confidential_there", n=self.n_confidential))
        return tuple(found)

    @property
    def counts(self) -> dict[str, int]:
        """State of publication -> how many instruments; "" for those the network says nothing of though they belong there."""
        found = Counter(line.told.state if line.told else "" for line in self.lines if line.told or line.standing == "not_there")
        return {state: found[state] for state in (*STATES, *sorted(found.keys() - {*STATES, ""}), "") if found[state]}


def read_new(workspace: Workspace, client: Client, remote: str) -> int:
    """Read what the network said since the last run; of how many instruments. Asks for nothing where the run heard of nothing new.

    After a restore of the service its cursors begin anew, and so does what is known. Raises RemoteProblem; what was read stays.
    """
    newest = client.newest_publication
    if remote != NETWORK or newest == "":
        return 0
    with workspace.read() as connection:
        epoch, _, cursor = rows.cursor(connection, remote).rpartition(":")
    fresh = epoch != client.epoch
    if (epoch, newest) == ("", "0") or (not fresh and cursor == newest):
        return 0
    cursor, n_read, more = "" if fresh else cursor, 0, True
    while more:
        page = client.publications(cursor)
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        with workspace.write("sync", undoable=False, params={"step": "sync: publications"}) as operation:
            if fresh:
                rows.forget(operation.connection, remote)
            rows.keep(operation.connection, remote, [_publication(each, moment) for each in page.items])
            rows.read_up_to(operation.connection, remote, f"{client.epoch}:{page.cursor}")
        more, fresh = page.more and page.cursor != cursor, False
        cursor, n_read = page.cursor, n_read + len(page.items)
    return n_read


def _publication(item: PublicationItem, moment: str) -> Publication:
    found = (NetworkEvaluation(each.year, each.grade, _score(each.score), _day(each.evaluated_on)) for each in item.evaluations)
    graded = sorted(found, key=lambda one: one.year)
    return Publication(item.id, (item.network_number or "").strip(), item.state, _day(item.since_on), item.reason, tuple(graded), moment)


def _score(text: str | None) -> Decimal | None:
    try:
        made = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return made if made is not None and made.is_finite() else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def overview(workspace: Workspace, on: date | None = None) -> Overview:
    """Every instrument that is not confidential beside the network's word; findings only where that was read. ``on``: the day duties are judged."""
    with workspace.read() as connection:
        told = rows.every(connection, NETWORK)
        found = INSTRUMENTS.find(connection, order="asset_number")
        as_of = connection.exec_driver_sql("SELECT last_at FROM remote WHERE role = ?", (NETWORK,)).scalar() or ""
    states = {duty.asset_number: duty.state for duty in duties.every(workspace, on)}
    lines = [_line(one, told.get(one.id), states, on or today(), known=bool(told)) for one in found if not one.confidential]
    ours = {one.id for one in found}
    elsewhere = tuple(one for key, one in sorted(told.items()) if key not in ours)
    n_confidential = sum(one.id in told for one in found if one.confidential)
    return Overview(bool(told), str(as_of), tuple(lines), elsewhere, n_confidential)


def _line(one: Instrument, told: Publication | None, states: dict[str, DutyState], on: date, *, known: bool) -> Line:
    facts = _facts(one, told, states.get(one.asset_number), on)
    return Line(one, told, rules.assess(facts) if known else "not_asked", rules.findings(facts) if known else (), facts)


def _facts(one: Instrument, told: Publication | None, duty: DutyState | None, on: date) -> PublicationFacts:
    retired = one.retired_on is not None and one.retired_on <= on
    return PublicationFacts(one.asset_number, None if retired else duty, one.network_number, told, retired)


def of_one(workspace: Workspace, one: Instrument, on: date | None = None) -> Line | None:
    """What is known of one instrument; None of a confidential one, or where the network has said nothing of any."""
    with workspace.read() as connection:
        told, known = rows.one(connection, NETWORK, one.id), rows.known(connection, NETWORK)
    if one.confidential or not known:
        return None
    return _line(one, told, {one.asset_number: duties.one(workspace, one.asset_number, on)[0].state}, on or today(), known=True)


def explain(workspace: Workspace, asset_number: str, on: date | None = None) -> Figure:
    """Why an instrument stands as it does on the network. Raises Refused for no such instrument, a confidential one, or nothing read yet."""
    with workspace.read() as connection:
        one = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if one is None:
        raise Refused("publication.unknown", asset_number=asset_number)
    line = of_one(workspace, one, on)
    if line is None:
        raise Refused("publication.not_told", asset_number=one.asset_number)
    return line.figure


def state_words(told: Publication | None) -> str:
    """The state the network tells of, in words."""
    return state_name(told.state if told else "")


def state_name(state: str) -> str:
    """What a state is called; "" or ``UNKNOWN_THERE`` that the network has nothing, another word of the network's as it came."""
    return say("publication_state.none") if state in ("", UNKNOWN_THERE) else phrases.publication_state(state)


def grade_words(told: Publication | None) -> str:
    """The latest evaluation: year, grade, score; "" for none."""
    return phrases.graded(told.latest if told else None)
