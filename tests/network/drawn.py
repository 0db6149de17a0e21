"""Cases drawn from the contract by schemathesis, dressed so that they get past the door, sent to a running service and checked.

A case is *positive* (what the contract allows) or *negative* (one thing in it is not). Both get the token, and where epoch and
digest are well formed, the right ones. Most batches, tails, packages and files of positive cases are made of rows the service has
or could have, so that its rules are reached and not only its parser.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi

from network import kinds, library, publications, seeding
from tests.network.contract import JSON, Route, check_answer, contract, digest_header
from tests.network.files import pdf, sha256
from tests.network.packing import Courier
from tests.network.rig import Seat, Service, new_id

CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
MAKING = ("take", "recover", "declareBlob", "anchor", "takePackage")
_EPOCH, _DIGEST = re.compile(r"[0-9]{1,18}"), re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@schemathesis.serializer("application/vnd.yixiang.gxpk", "application/octet-stream")
def _plain(_context: object, value: object) -> dict[str, object]:
    return {"data": value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")}


def drawing(n_examples: int, **more: Any) -> settings:
    """So many examples and no other phase: what fails is told as it was drawn."""
    return settings(
        max_examples=n_examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), **more
    )  # fmt: skip


@dataclass
class Tally:
    """What was sent and answered: (operation, status) -> how often; and what was not as the contract says."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def n_cases(self) -> int:
        return self.answers.total()

    def reached(self, status: int) -> set[str]:
        return {operation for operation, answered in self.answers if answered == status}


class World:
    """One service with an institution, and what was learnt of it on the way: tokens of rows, files, a chain of packages."""

    def __init__(self, service: Service, home: str, code: str, chance: random.Random) -> None:
        self.service = service
        self.home = home
        self.seat: Seat = service.seat(home)
        self.chance = chance
        self.tally = Tally()
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.tokens: dict[tuple[str, str], str] = {}
        self.kinds = sorted(kind for kind, one in kinds.KINDS.items() if service.role in one.roles)
        self.courier = Courier(code, home)
        self.http = requests.Session()
        with service.db.write() as connection:
            library.put_codebook(connection, "benchmarks", {"2025": {"effective_hours": 1599}})
            library.send_notice(connection, home, "warning", "警示", "请核对。", "2026-01-15", None)
            seeding.seed_catalogue(connection, 50, 1)
            told = publications.State("listed", "2026-01-12", f"N-{code}")
            publications.set_state(connection, home, "0198c5a0-0000-4000-8000-0000000000d9", told)

    def dress(self, case: Any) -> None:
        """Make a positive case one that could be meant."""
        operation, chance = case.operation.definition.raw["operationId"], self.chance
        self.door(case)
        if isinstance(case.query, dict) and "cursor" in case.query and chance.random() < 0.8:
            case.query["cursor"] = chance.choice(("", "0", f"{self.seat.headers['Yixiang-Epoch']}.1", "1", new_id()))
        made = getattr(self, f"_{operation}", None)
        if made is not None and chance.random() < 0.85:
            made(case)

    def door(self, case: Any) -> None:
        """Name the epoch in force, nearly always."""
        if case.headers is not None and "Yixiang-Epoch" in case.headers and self.chance.random() < 0.95:
            case.headers["Yixiang-Epoch"] = self.seat.headers["Yixiang-Epoch"]

    def _take(self, case: Any) -> None:
        case.body = {"key": new_id(), "schema": 1, "changes": [self._change() for _ in range(self.chance.randrange(8))]}

    _validate = _take

    def _recover(self, case: Any) -> None:
        items = []
        for change in (self._change() for _ in range(self.chance.randrange(6))):
            revision = self.chance.choice((1, 2, 9, 0))
            items.append(change | {"token": f"{revision}.{change['op_id']}", "parent": change.get("parent")})
        case.body = {"items": items}

    def _enrol(self, case: Any) -> None:
        code = self.service.code(self.home) if self.chance.random() < 0.3 else "ABCD-EFGH-JKLM-NPQR"
        case.body = {"code": code, "device_id": new_id(), "name": "抽样机"}

    def _renew(self, case: Any) -> None:
        case.body = {"refresh_token": self.seat.refresh_token if self.chance.random() < 0.5 else new_id()}

    def _entity(self, case: Any) -> None:
        if self.tokens:
            case.path_parameters["kind"], case.path_parameters["id"] = self.chance.choice(sorted(self.tokens))

    def _sessions(self, case: Any) -> None:
        case.path_parameters["instrument"] = self._known("instrument")

    def _codebook(self, case: Any) -> None:
        case.path_parameters["codebook"] = self.chance.choice(("calendar", "benchmarks"))

    def _declareBlob(self, case: Any) -> None:
        content = self._file()
        case.path_parameters["sha256"], case.body = sha256(content), {"n_bytes": len(content)}

    def _blob(self, case: Any) -> None:
        case.path_parameters["sha256"] = sha256(self._file())

    def _part(self, case: Any) -> None:
        case.path_parameters |= {"sha256": sha256(self._file()), "number": 0}

    def _sendPart(self, case: Any) -> None:
        content = self._file()
        case.path_parameters |= {"sha256": sha256(content), "number": 0}
        case.body = content if self.chance.random() < 0.7 else b"%PDF" + content

    def _nameKey(self, case: Any) -> None:
        case.path_parameters["device_id"] = self.seat.device_id
        case.body = {"public_key": base64.b64encode(hashlib.sha256(b"key").digest()).decode()}

    def _anchor(self, case: Any) -> None:
        ledger = "0198c5a0-0000-4000-8000-00000000000" + str(self.chance.randrange(3))
        case.body = {"ledger_id": ledger, "head": self.chance.choice(("ab", "cd")) * 32, "n_operations": self.chance.randrange(4)}

    def _takePackage(self, case: Any) -> None:
        """A package of the device that is next in its chain, or one with a byte altered, or one that is out of turn."""
        courier, fresh = self.courier, self.courier.server_id is None
        more = {"enrolment": {"code": self.service.code(self.home), "public_key": courier.public_key}} if fresh else {}
        if self.chance.random() < 0.2:
            more["number"] = max(1, courier.number + self.chance.choice((-1, 1, 5)))
        package = courier.pack({"key": new_id(), "schema": 1, "changes": [self._change() for _ in range(3)]}, **more)
        if self.chance.random() < 0.3:
            at = self.chance.randrange(len(package))
            package = package[:at] + bytes([package[at] ^ 4]) + package[at + 1 :]
        case.body = package

    def _file(self) -> bytes:
        return pdf(100 + self.chance.randrange(4)) if self.chance.random() < 0.8 else b"MZ" + bytes(self.chance.randrange(1, 5))

    def _known(self, kind: str) -> str:
        there = [key for name, key in self.tokens if name == kind]
        return self.chance.choice(there) if there and self.chance.random() < 0.9 else new_id()

    def _change(self) -> dict[str, Any]:
        """A change that fits, or nearly."""
        chance = self.chance
        if self.rows and chance.random() < 0.4:
            place = chance.choice(sorted(self.rows))
            gone = chance.random() < 0.3
            body = None if gone else self.rows[place]["body"] | {"name": chance.choice(("改", "", 7, None)), "note_of_ours": "x"}
            parent = self.tokens.get(place) if chance.random() < 0.8 else "1." + new_id()
            action = "delete" if gone else "update"
            return {"op_id": new_id(), "kind": place[0], "id": place[1], "action": action, "parent": parent, "body": body}
        kind = chance.choice(self.kinds if chance.random() < 0.9 else sorted(kinds.KINDS))
        key = new_id()
        body = {"id": key} | {name: self._value(kind, name) for name in kinds.KINDS[kind].required}
        # What may be named is named often: an open state is of a base or of equipment, equipment is of a base and a set or of neither.
        body |= {name: self._value(kind, name) for name in kinds.KINDS[kind].links if name not in body and chance.random() < 0.5}
        if chance.random() < 0.2:
            odd = (1.5, "\0", {"a": 1}, 2**60, "长" * 30_000, True, [], "2026-02-30")
            body[chance.choice((*body, "free", "Bad", "some_fen", "some_on"))] = chance.choice(odd)
        if chance.random() < 0.05:
            body["confidential"] = chance.choice((True, "是", 0, None))
        made = {"op_id": new_id(), "kind": kind, "id": key, "action": "create", "parent": None, "body": body}
        self.rows[kind, key] = made
        return made

    def _value(self, kind: str, name: str) -> object:
        targets = kinds.KINDS[kind].links
        if name in targets:
            return self._known(targets[name])
        choices = kinds.KINDS[kind].choices.get(name)
        fixed = {"year": 2026, "uscc": "123700004000000181", "month": "2026-01", "of_kind": "instrument", "sha256": sha256(pdf(101)),
                 "started_at": "2026-01-10T09:00", "ended_at": "2026-01-10T10:00", "of_id": self._known("instrument")}  # fmt: skip
        if choices:
            return self.chance.choice(choices)
        if name in fixed:
            return fixed[name]
        ending = name.rpartition("_")[2]
        if ending == "fen":
            return self.chance.choice((0, 1, 30_000, -1, 10**15))
        return {"on": "2026-01-11", "at": "2026-01-11T08:00:00Z", "id": new_id()}.get(ending, f"文{self.chance.randrange(40)}")

    def learn(self, case: Any, reply: Any) -> None:
        """Keep the tokens the service gave."""
        operation = case.operation.definition.raw["operationId"]
        if reply.status_code != 200 or operation not in ("take", "changes", "takePackage"):
            return
        if operation == "takePackage":
            self.courier.absorb(case.body, reply.content)
            return
        told = reply.json()
        for item in told.get("items", ()):
            self.tokens[item["kind"], item["id"]] = item["token"]
        by_operation = {change["op_id"]: place for place, change in self.rows.items()}
        for result in told.get("results", ()):
            place = by_operation.get(result["op_id"])
            if result["status"] == "applied" and place is not None:
                self.tokens[place] = result["token"]

    def send(self, case: Any, mode: GenerationMode) -> Any:
        """Send one case and check its answer in every way there is."""
        secured = case.operation.definition.raw.get("security", [{}]) != []
        epoch = case.headers.get("Yixiang-Epoch") if case.headers is not None else None
        if mode is NEGATIVE and isinstance(epoch, str) and _EPOCH.fullmatch(epoch):
            case.headers["Yixiang-Epoch"] = self.seat.headers["Yixiang-Epoch"]
        stranger = mode is POSITIVE and secured and self.chance.random() < 0.03

        def finish(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if isinstance(case.body, bytes):
                request.body = case.body  # the library takes bytes for text
            drawn = request.headers.get("Authorization", "")
            if secured and not stranger and (mode is POSITIVE or drawn.startswith("Bearer ")):
                request.headers["Authorization"] = self.seat.headers["Authorization"]
            if _DIGEST.fullmatch(request.headers.get("Content-Digest", "")):
                body = request.body or b""
                request.headers["Content-Digest"] = digest_header(body.encode() if isinstance(body, str) else body)
            return request

        reply = case.call(base_url=self.service.base, session=self.http, auth=finish)
        operation = case.operation.definition.raw["operationId"]
        self.tally.answers[operation, reply.status_code] += 1
        try:
            if stranger:
                assert reply.status_code == 401, f"{operation} answered a stranger with {reply.status_code}"
            self._check(case, reply, mode)
        except (AssertionError, FailureGroup) as failure:
            self.tally.failures.append(f"{operation} {mode.name} {reply.status_code}: {failure!r}"[:2000])
            raise
        return reply

    def _check(self, case: Any, reply: Any, mode: GenerationMode) -> None:
        case.validate_response(reply, checks=CHECKS if mode is POSITIVE else [*CHECKS, openapi.negative_data_rejection])
        raw = case.operation.definition.raw
        if raw["operationId"] == "contract":
            return
        headers = {name: value[0] for name, value in reply.headers.items()}
        assert "content-digest" in headers
        # The library has unpacked the body; the digest over what was sent is checked by the tests of the wire.
        told = {name: value for name, value in headers.items() if name != "content-encoding"}
        route = Route(case.operation.path, case.operation.method.upper(), raw, {})
        check_answer(route, reply.status_code, told | {"content-digest": digest_header(reply.content)}, reply.content)


def document() -> Any:
    """The contract, as schemathesis has it; a body above a limit counts as refused like every other wrong one.

    It gets a copy: for its walks it writes links of its own into what it is given, and the contract is everybody's.
    """
    refusing = ["400", "401", "403", "404", "409", "413", "415"]
    told = {"checks": {"negative_data_rejection": {"expected-statuses": refusing}}}
    return schemathesis.openapi.from_dict(copy.deepcopy(contract()), config=schemathesis.Config.from_dict(told))


def operations() -> Iterator[Any]:
    """Every operation of the contract."""
    for found in document().get_all_operations():
        yield found.ok()


def fuzz(world: World, n_rounds: int, n_each: int, number: int) -> None:
    """In each round so many positive and so many negative cases of each operation. Raises what a check raises."""
    for turn in range(n_rounds):
        for operation in operations():
            for mode in (POSITIVE, NEGATIVE):
                if mode is POSITIVE or can_be_wrong(operation):
                    _send_each(world, operation.as_strategy(generation_mode=mode), mode, n_each, number + turn)


def can_be_wrong(operation: Any) -> bool:
    """Whether a request of the operation has a part that could be outside the contract."""
    raw = operation.definition.raw
    return bool(raw.get("parameters")) or JSON in raw.get("requestBody", {}).get("content", {})


def _send_each(world: World, strategy: Any, mode: GenerationMode, n_each: int, number: int) -> None:
    @seed(number)
    @drawing(n_each)
    @given(case=strategy)
    def one(case: Any) -> None:
        if mode is POSITIVE:
            world.dress(case)
        reply = world.send(case, mode)
        if mode is POSITIVE:
            world.learn(case, reply)

    one()


def walk(world: World, n_walks: int, n_steps: int, number: int) -> None:
    """Four times so many walks along the links of the contract: what one answer names is asked for next."""
    machine = document().as_state_machine()

    class Walk(machine):  # type: ignore[misc, valid-type]
        def call(self, case: Any, **_named: Any) -> Any:
            mode = case.meta.generation.mode
            # What a link has filled in stays; what begins a walk is dressed.
            if mode is POSITIVE:
                (world.dress if case.operation.definition.raw["operationId"] in MAKING else world.door)(case)
            reply = world.send(case, mode)
            if mode is POSITIVE:
                world.learn(case, reply)
            return reply

        def validate_response(self, *_given: Any, **_named: Any) -> None:
            """World.send has checked the answer."""

    for turn in range(n_walks):
        seed(number + turn)(Walk)
        # What a walk can do next hangs on what the service answered; where that differs from an earlier walk the library says
        # that its own drawing was not repeatable. What the service did wrong is in the tally before it comes to that.
        with suppress(FlakyStrategyDefinition):
            Walk.run(settings=drawing(4, stateful_step_count=n_steps))
    assert not world.tally.failures, world.tally.failures[0]
