"""Cases drawn from the contract against the running service; ``make contract`` draws many more of the same."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from network import feed, kinds, problems
from network.problems import Kind
from tests.network import drawn
from tests.network.contract import contract
from tests.network.rig import Service, uscc

_numbers = count(8000)


def _world(service: Service) -> drawn.World:
    number = next(_numbers)
    return drawn.World(service, service.institution(uscc(number), "齐鲁样本大学"), uscc(number), random.Random(number))


@pytest.fixture
def world(service: Service) -> drawn.World:
    return _world(service)


@pytest.fixture(scope="module")
def hub(new_database: Callable[[], str]) -> Iterator[Service]:
    running = Service(new_database(), "hub")
    yield running
    running.stop()


def test_no_case_is_answered_with_an_error_or_with_what_is_not_declared(world: drawn.World) -> None:
    # Few enough cases to be quick, and enough that a batch is taken whatever ids and moments this run has.
    drawn.fuzz(world, 1, 8, 7)
    assert not world.tally.failures
    every = {operation.definition.raw["operationId"] for operation in drawn.operations()}
    assert {operation for operation, _ in world.tally.answers} == every
    assert {"take", "validate", "recover", "anchor", "changes", "digest"} <= world.tally.reached(200)
    assert world.tally.reached(400) | world.tally.reached(401) >= {"take", "validate", "recover", "anchor", "changes"}


def test_the_hub_answers_as_declared_and_is_asked_for_the_kinds_of_its_own(hub: Service) -> None:
    world = _world(hub)
    own = {kind for kind, one in kinds.KINDS.items() if "network" not in one.roles}
    for turn in range(6):
        drawn.fuzz(world, 1, 8, 7 + turn)
        assert not world.tally.failures
        if {kind for kind, _ in world.tokens} & own:
            break
    assert {kind for kind, _ in world.tokens} & own, "nothing of its own was taken"
    assert {"take", "validate", "recover"} <= world.tally.reached(200)


def test_walks_along_the_links_find_what_was_made(world: drawn.World) -> None:
    for turn in range(10):
        drawn.walk(world, 2, 8, 7 + turn)
        if {"take", "receipt"} <= world.tally.reached(200):
            break
    assert {"take", "receipt"} <= world.tally.reached(200)


def test_walks_leave_the_contract_as_it_is_written(world: drawn.World) -> None:
    before = copy.deepcopy(contract())
    drawn.walk(world, 1, 2, 7)
    assert contract() == before


Break = Callable[[pytest.MonkeyPatch], None]


def _fails(patch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> object:
        raise RuntimeError("seeded")

    patch.setattr(feed, "digest", broken)


def _another_status(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(problems.PROBLEMS, "body.malformed", Kind(422, "stop", "x"))


def _another_action(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(problems.PROBLEMS, "body.malformed", Kind(400, "retry", "x"))


def _another_shape(patch: pytest.MonkeyPatch) -> None:
    right = feed.digest

    def broken(*given: object) -> object:
        return right(*given) | {"n_entities": "many"}  # type: ignore[arg-type]

    patch.setattr(feed, "digest", broken)


@pytest.mark.parametrize("seeded", [_fails, _another_status, _another_action, _another_shape])
def test_a_service_that_breaks_the_contract_is_found(world: drawn.World, monkeypatch: pytest.MonkeyPatch, seeded: Break) -> None:
    seeded(monkeypatch)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - a failure or a group of them, as the library has it
        drawn.fuzz(world, 1, 3, 7)
    assert world.tally.failures
