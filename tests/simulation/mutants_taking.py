"""Seeded bugs of what comes in and is merged, of restores, packages and upgrades."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from desktop.sync import absorb, carried, merge, recovery
from desktop.sync import round as rounds
from desktop.sync.canonical import Body
from desktop.sync.merge import WHOLE_ROW, Decision, same
from desktop.sync.messages import Recovered
from desktop.sync.ports import BaseRow, Parked, RemoteState, Standing, Unplaced
from tests.simulation.breaking import MUTANTS, mutant
from tests.sync import memory

# Pages.

_take_page = absorb.take_page


@mutant("cursor saved first", (rounds.Run, "_pull"))
def _cursor_first(self: Any) -> None:
    while True:
        with self.storage.transaction("mutant") as step:
            state = absorb.known(step)
        page = self.network.changes(state.cursor)
        with self.storage.transaction("sync: cursor") as step:
            step.put_state(RemoteState(state.server_id, state.epoch, page.cursor))
        with self.storage.transaction("sync: page") as step:
            _take_page(step, page)
        if not page.more:
            return


@mutant("a page in pieces", (rounds.Run, "_pull"))
def _in_pieces(self: Any) -> None:
    while True:
        with self.storage.transaction("mutant") as step:
            state = absorb.known(step)
        page = self.network.changes(state.cursor)
        for item in page.items:
            with self.storage.transaction("sync: piece") as step:
                step.put_state(RemoteState(state.server_id, state.epoch, page.cursor))
                absorb.absorb(step, item)
        with self.storage.transaction("sync: page") as step:
            _take_page(step, page)
        if not page.more:
            return


_absorb = absorb.absorb


@mutant("a tombstone is ignored", (absorb, "absorb"), (rounds, "absorb"))
def _no_tombstones(step: Any, item: Any) -> bool:
    return False if item.body is None else _absorb(step, item)


@mutant("a confidential row takes in silently", (absorb, "absorb"), (rounds, "absorb"))
def _base_goes_on(step: Any, item: Any) -> bool:
    here = step.standing(item.kind, item.id)
    new = _absorb(step, item)
    if new and here.withheld:
        step.put_base(replace(step.standing(item.kind, item.id).base, merged=True, common=None))
    return new


@mutant("a withdrawal deletes what nobody saw", (absorb, "absorb"), (rounds, "absorb"))
def _withdraws_all(step: Any, item: Any) -> bool:
    new = _absorb(step, item)
    for row in step.parked():
        if row.code == "here.changed_since":
            step.unpark(row.kind, row.id)
    return new


MUTANTS["what the ledger cannot take in is not asked"] = ((absorb, "contest", lambda _step: None),)
MUTANTS["a conflict is silent"] = ((memory.Memory, "put_conflict", lambda _self, _conflict: None),)


@mutant("a refused row is not shown", (memory.Memory, "park"))
def _unseen(self: Any, row: Parked) -> None:
    if not row.code.startswith("here."):
        _park(self, replace(row, waiting_for=None))


_park = memory.Memory.park


# Merging.

_decide = merge.decide


@mutant("last writer wins", (absorb, "decide"))
def _mine_wins(_kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(theirs if same(mine, base) else mine)


@mutant("the remote wins", (absorb, "decide"))
def _theirs_wins(_kind: str, _base: Body | None, _mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(theirs)


@mutant("broken field groups", (merge, "grouped"), (absorb, "grouped"))
def _by_field(_kind: str, names: Any) -> dict[str, list[str]]:
    return {name: [name] for name in sorted(names)}


@mutant("a deletion wins", (absorb, "decide"))
def _deletion_wins(kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(None) if mine is None or theirs is None else _decide(kind, base, mine, theirs)


@mutant("without a base nothing is deleted", (absorb, "decide"))
def _nothing_shared(kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(mine) if base is None and theirs is None else _decide(kind, base, mine, theirs)


MUTANTS["a posted record in parts"] = ((merge, "is_whole", lambda _kind, _body: False),)


def _asks_the_base(here: Standing, base: BaseRow, conflict: Any) -> tuple[Body | None, Body | None]:
    shown = base.shared or None
    mine = None if here.deleted else here.local
    if mine is None and not here.deleted:
        mine = shown
    if conflict is None:
        return shown, mine
    mine = merge.carry(here.kind, conflict.groups, conflict.mine, shown, here.local)
    return merge.carry(here.kind, conflict.groups, conflict.base, shown, shown), mine


# Where the base is forgotten, almost all that comes waits for the decision, and hides this bug: so nothing waits here.
MUTANTS["a conflict asks the base what it showed"] = (
    (absorb, "_sides", _asks_the_base),
    (absorb, "undecided", lambda *_: False),
)


@mutant("an open conflict is forgotten", (absorb, "_sides"))
def _forgets(here: Standing, base: BaseRow, _conflict: Any) -> tuple[Body | None, Body | None]:
    return _sides(here, base, None)


_sides = absorb._sides


@mutant("a row that met a deletion leaves the view", (absorb, "_bring"))
def _off_view(step: Any, here: Standing, base: BaseRow) -> bool:
    done = _bring(step, here, base)
    conflict = step.conflict(*here.place)
    if done and conflict is not None and conflict.theirs is None and WHOLE_ROW in conflict.groups:
        with suppress(Unplaced):  # what facts hang on stays
            step.delete_local(*here.place)
    return done


_bring = absorb._bring


# Restores.

MUTANTS["the tail is not handed back"] = ((recovery, "tail", lambda _step, _limits: []),)
MUTANTS["what diverged stays the base"] = ((recovery, "fold", lambda _step, answer: len(answer.items)),)
MUTANTS["what is withheld stays known over a restore"] = ((memory.Memory, "drop_withheld_bases", lambda _self: None),)


@mutant("a new epoch is nothing new", (rounds.Run, "_recover"))
def _only_renamed(self: Any, remote: Any) -> None:
    with self.storage.transaction("mutant") as step:
        state = absorb.known(step)
        step.put_state(RemoteState(state.server_id, remote.epoch, state.cursor.replace(f"{state.epoch}.", f"{remote.epoch}.")))


@mutant("the cursor lives on over a restore", (recovery, "begin"))
def _old_cursor(step: Any, server_id: str, epoch: str) -> None:
    state = absorb.known(step)
    step.drop_withheld_bases()
    step.put_state(RemoteState(server_id, epoch, state.cursor.replace(f"{state.epoch}.", f"{epoch}.")))


@mutant("the epoch is new before the tail is back", (rounds.Run, "_recover"))
def _too_early(self: Any, remote: Any) -> None:
    with self.storage.transaction("mutant") as step:
        tails = recovery.tail(step, remote.limits)
        recovery.begin(step, remote.server_id, remote.epoch)
    for content in tails:
        answer: Recovered = self.network.recover(content)
        with self.storage.transaction("mutant") as step:
            recovery.fold(step, answer)


# Packages, upgrades, digests.


@mutant("an answer that was overtaken is taken in", (carried, "take_in"))
def _any_answer(storage: Any, answer: Any) -> Any:
    with storage.transaction("mutant") as step:
        state = absorb.known(step)
        kept = {batch.key: batch for batch in step.sealed()}
        for receipt in answer.receipts:
            if receipt.key in kept:
                absorb.settle(step, kept[receipt.key], receipt)
        if answer.epoch == state.epoch:
            for page in answer.pages:
                _take_page(step, page)
    return carried.Taken()


@mutant("an answer is only receipts' keys", (carried, "take_in"))
def _unread(storage: Any, answer: Any) -> Any:
    with storage.transaction("mutant") as step:
        for batch in step.sealed():
            if batch.key in {receipt.key for receipt in answer.receipts}:
                step.drop_sealed(batch.key)
        state = absorb.known(step)
        if answer.pages and answer.epoch == state.epoch:
            step.put_state(RemoteState(state.server_id, state.epoch, answer.pages[-1].cursor))
    return carried.Taken()


@mutant("an older program drops what it does not know", (memory.Memory, "_wire"))
def _only_known(self: Any, row: Any, _base: Any) -> Body:
    return {name: value for name, value in row.items() if name not in memory.LOCAL_ONLY and name not in self.unknown}


@mutant("an upgrade begins with empty columns", (memory.Memory, "upgrade"))
def _empty_columns(self: Any) -> None:
    self.unknown = frozenset()


@mutant("the digest is believed", (rounds, "ledger_digest"))
class _Agrees:
    def __init__(self, _lines: Any) -> None:
        pass

    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = object.__hash__
