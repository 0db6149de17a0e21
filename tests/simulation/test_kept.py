"""Histories that once broke a promise keep it now, and where a rule of the engine or the service mended it, break it again without.

Some were drawn with a service that tells its digest only when it is asked for, some with one that tells it with the last page:
each is played with both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from desktop.sync import absorb, evidence, further
from desktop.sync.canonical import Body
from desktop.sync.ports import BaseRow, Conflict, Standing, Step
from desktop.sync.round import Run
from tests.simulation import sides
from tests.simulation.history import History
from tests.simulation.mutants_further import forgetful
from tests.simulation.seat import Violation
from tests.simulation.service import Service
from tests.simulation.sides import NetworkSide, Side
from tests.sync.memory import Memory

KEPT = tomllib.loads(Path(__file__).with_name("kept.toml").read_text("utf-8"))["kept"]

_sides, _take_back, _recover, _is_anothers_fact = absorb._sides, Service._take_back, Run._recover, further._is_anothers_fact


def _forgotten(here: Standing, base: BaseRow, conflict: Conflict | None) -> tuple[Body | None, Body | None]:
    common, mine = _sides(here, base, conflict)
    return (None if mine is None and not base.shared and conflict is not None else common), mine


def _hanging(self: Service, item: dict[str, Any]) -> Any:
    with patch.object(Service, "_hangs", lambda *_: False):
        return _take_back(self, item)


def _epoch_first(self: Run, remote: Any) -> None:
    """The files go after all the rest, once."""
    late: list[Any] = []
    with patch.object(evidence, "hand_over", lambda *given: late.append(given) or {}):
        _recover(self, remote)
    evidence.hand_over(*late[0])


def _kept_elsewhere(step: Step, base: BaseRow, *, replaced: bool) -> bool:
    return _is_anothers_fact(step, base, replaced=False)


AT_ONCE = (absorb, "undecided", lambda *_: False)
UNDONE = {
    # Of what came anew behind a deletion in conflict either of two rules takes care.
    "a deletion in conflict outlives its base": ((absorb, "_sides", _forgotten), AT_ONCE),
    "nothing is taken back that hangs in the air": ((Service, "_take_back", _hanging),),
    "what came behind an open conflict waits for its decision": (AT_ONCE, (further, "overtaken", lambda conflict, *_: conflict)),
    "files that did not go with a package are owed": ((evidence, "owe", lambda *_: None),),
    "a deletion keeps what it takes the place of": ((further, "overtaken", forgetful),),
    "files are back before the new epoch is known": ((Run, "_recover", _epoch_first),),
    "a decision stands over what was seen with it": ((further, "decided", lambda *_: None),),
    "a row in conflict takes no other key": ((Memory, "_is_asked", lambda *_: False),),
    "where we have been the hub shows the way": ((NetworkSide, "has_gone_on", lambda *_: False),),
    "nobody is asked about another's fact that waits for the hub": ((further, "_is_anothers_fact", lambda *_, **__: False),),
    "of two reversals the one the service has is the fact": ((further, "_is_anothers_fact", _kept_elsewhere),),
    "a row that is gone stands against what comes": ((Memory, "is_gone", lambda *_: False),),
    "what was posted is brought back by the hub alone": ((sides, "is_whole", lambda *_: False),),
    "a decision stands over what waits at the other remote": ((Side, "elsewhere", lambda *_: []),),
    "a deletion at the network stands against what the hub brings": ((Side, "_reopen_deletion", lambda *_: None),),
    "what is decided meanwhile is counted": ((Memory, "mark", lambda self: (dict(self.tables.rows), dict(self.tables.tombstones))),),
}


def broken(seed: int, later: Collection[str] = ()) -> str:
    """What promise the history breaks with either service, "" for none; ``later``: with these parts of the model that others had not yet."""
    for tells_digest in (False, True):
        history = History(seed, later=later)
        history.service.tells_digest = tells_digest
        try:
            history.play()
        except Violation as violation:
            return str(violation)
    return ""


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: str(kept["seed"]))
def test_a_history_that_once_broke_a_promise_keeps_it(kept: dict[str, Any]) -> None:
    assert broken(kept["seed"], kept.get("later", ())) == "", kept["why"]
    if "without" in kept:
        with ExitStack() as stack:
            for place in UNDONE[kept["without"]]:
                stack.enter_context(patch.object(*place))
            assert broken(kept["seed"], kept.get("later", ()))


def test_every_rule_that_mended_a_history_is_undone_in_one() -> None:
    assert {kept.get("without") for kept in KEPT} == {None, *UNDONE}
