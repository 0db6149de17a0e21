"""Asking remotes to delete what they hold of a set that is confidential by now (撤下): by the person who may decide about a
reclassification, with a reason. What never changes there stays, and is said beforehand, with the way that is left.

Sync sends the deletions, or the next package carries them: the key of each row and nothing else. The rows here stay untouched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.actions import people
from desktop.actions.day import SHANGHAI
from desktop.actions.instruments import named
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.reclassification import Reclassification
from desktop.ledger.take_back import TakeBack
from desktop.rules import approval
from desktop.store import package_rows, reclassifications, sent_rows, taken_back
from desktop.store.database import Connection
from desktop.store.facts import PEOPLE
from desktop.store.sent_rows import SentRows
from desktop.words import say, tr

__all__ = ["Asked", "Carried", "Offer", "carried", "give_up", "offer", "take_back", "words_of"]

NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Carried:
    """A package that may have carried rows of the set, and of which nobody knows here whether it arrived; ``made_at`` is UTC ISO text."""

    remote: str
    number: int
    made_at: str

    @property
    def params(self) -> dict[str, str]:
        """For the words that tell of it: which one, for whom, when (Asia/Shanghai)."""
        at = datetime.fromisoformat(self.made_at).astimezone(SHANGHAI)
        return {"remote": f"reclassification.remote.{self.remote}", "number": str(self.number), "at": f"{at:%Y-%m-%d %H:%M}"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What each remote holds of a confidential set. ``standing``: the request that was made and lasts; ``asked_by`` who made it, by name.

    ``carried``: packages under way that may hold more of it.
    """

    asset_number: str
    name: str
    held: tuple[SentRows, ...]
    standing: TakeBack | None = None
    asked_by: str = ""
    carried: tuple[Carried, ...] = ()

    @property
    def n_deletable(self) -> int:
        """How many rows remotes can be asked to delete, over all of them."""
        return sum(len(one.deletable) for one in self.held)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was made, with what stood to be said of it before."""

    offer: Offer
    request: TakeBack
    changes: Changes


def offer(workspace: Workspace, asset_number: str) -> Offer:
    """What remotes hold of it. Raises Refused for an unknown instrument, or one that is not confidential."""
    with workspace.read() as connection:
        return _offer(connection, asset_number)


def _offer(connection: Connection, asset_number: str) -> Offer:
    instrument = named(connection, asset_number)
    if not instrument.confidential:
        raise Refused("take_back.ordinary", asset_number=instrument.asset_number)
    standing = taken_back.of_instrument(connection, instrument.id)
    asked_by = PEOPLE.get(connection, standing.asked_by) if standing else None
    held = tuple(sent_rows.of_instrument(connection, instrument.id))
    under_way = carried(connection, instrument.id)
    return Offer(instrument.asset_number, instrument.name, held, standing, asked_by.name if asked_by else "", under_way)


def carried(connection: Connection, instrument_id: str) -> tuple[Carried, ...]:
    """The packages that may have carried rows of an instrument and whose end is not known: one that waits is read; of one that was replaced
    nothing but its number is left, and a set that became confidential may have been in it."""
    became = any(one.to_confidential for one in reclassifications.of_instrument(connection, instrument_id))
    own: set[str] = set()
    found = []
    for row, content in package_rows.unsettled(connection):
        if content:
            own = own or {str(key) for _, key in connection.exec_driver_sql(reclassifications.OWN, (instrument_id,))}
        if own & _keys_in(content) if content else became:
            found.append(Carried(row.remote, row.number, row.made_at))
    return tuple(found)


def _keys_in(content: bytes) -> set[str]:
    from desktop.sync import package
    from desktop.sync.preview import preview

    return {line.id for line in preview(package.sealed(package.opened(content)), 0).lines}


def _counted(places: tuple[tuple[str, str], ...]) -> str:
    return tr("、").join(say("take_back.counted", kind=f"kind.{kind}", n=str(n)) for kind, n in Counter(kind for kind, _ in places).items())


def words_of(found: Offer) -> list[tuple[str, dict[str, str]]]:
    """What a request means, as codes with their parameters, in the order they are said."""
    told = [("take_back.means_carried", one.params) for one in found.carried]
    if not found.held:
        return told or [("take_back.means_nothing", {"asset_number": found.asset_number})]
    for one in found.held:
        remote = f"reclassification.remote.{one.remote}"
        if one.deletable:
            told.append(("take_back.means_deleted", {"remote": remote, "n": str(len(one.deletable)), "kinds": _counted(one.deletable)}))
        if one.stay:
            told.append(("take_back.means_stay", {"remote": remote, "n": str(len(one.stay)), "kinds": _counted(one.stay)}))
    letter = {"asset_number": found.asset_number, "name": found.name, "day": today().isoformat()}
    if any(one.stay for one in found.held):
        told.append(("take_back.means_letter", letter))
    if not found.n_deletable:
        return told
    told.append(("take_back.means_history", {}))
    if any(one.remote != NETWORK and one.deletable for one in found.held):
        told.append(("take_back.means_seats", {}))
    return [*told, ("take_back.means_here", {})]


def _decided(connection: Connection, instrument_id: str, asset_number: str) -> Reclassification:
    """The change by which the set is confidential. Raises Refused when nobody has confirmed it, or no such change was made."""
    found = next(iter(reclassifications.of_instrument(connection, instrument_id)), None)
    if found is not None and found.state == "prepared":
        raise Refused("take_back.waits", asset_number=asset_number)
    confirmed = [one for one in reclassifications.of_instrument(connection, instrument_id) if one.to_confidential and one.state == "approved"]
    if not confirmed:
        raise Refused("take_back.not_decided", asset_number=asset_number)
    return confirmed[0]


def take_back(workspace: Workspace, asset_number: str, reason: str, person: str, pin: str = "") -> Asked:
    """Ask every remote to delete what can be deleted there; the next sync with each sends it. Asked again, what was refused or changed
    there since is asked for anew, and what came there since too.

    Raises Refused, with nothing written: role, PIN, no reason, the person who prepared the change, a change nobody has confirmed, an
    ordinary set, or nothing that could be deleted.
    """
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["decide_reclassification"])
    if not reason.strip():
        raise Refused("take_back.no_reason")
    with workspace.write("reclassify take-back", who=acting.name, reason=reason.strip(), undoable=False) as operation:
        connection = operation.connection
        found = _offer(connection, asset_number)
        instrument = named(connection, asset_number)
        change = _decided(connection, instrument.id, found.asset_number)
        told = approval.reclassify(change, acting, "approved")
        if told:
            raise Refused(told[0].code, findings=told[1:], **dict(told[0].params))
        places = [(one.remote, *place) for one in found.held for place in one.deletable]
        if not places and found.carried:
            last = found.carried[-1].params
            raise Refused(
                "take_back.carried", asset_number=found.asset_number, remote=last["remote"], number=last["number"], at=last["at"]
            )
        if not places:
            raise Refused("take_back.nothing", asset_number=found.asset_number)
        operation.params = {"asset_number": found.asset_number, "n": str(len(places))}
        if found.standing is not None:
            taken_back.give_up(connection, replace(found.standing, given_up_at=now()))
        request = TakeBack(new_key(confidential=True), instrument.id, reason.strip(), acting.id, now())
        taken_back.ask(connection, request, places)
    return Asked(found, request, operation.changes)


def give_up(connection: Connection, instrument_id: str) -> None:
    """The set is ordinary again: what was asked for is not asked for any more, and what is gone there is sent anew."""
    standing = taken_back.of_instrument(connection, instrument_id)
    if standing is not None:
        taken_back.give_up(connection, replace(standing, given_up_at=now()))
