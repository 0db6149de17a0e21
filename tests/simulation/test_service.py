"""The model of the service against the reference service: the same exchanges, recorded in simulated histories, get the same
answers from both, backups and restores included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop.sync.messages import Digest, Item, Page, Receipt, Recovered
from network import backup
from network.limits import Limits
from tests.network.rig import Seat, uscc
from tests.network.rig import Service as Reference
from tests.simulation.history import History
from tests.simulation.service import Holdings, Refused, Service

N_HISTORIES = 40


class Recorded(Service):
    """The model, remembering what it was asked and what it said."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.exchanges: list[tuple[str, tuple[Any, ...], Any]] = []

    def _keep(self, name: str, given: tuple[Any, ...]) -> Any:
        try:
            told = getattr(super(), name)(*given)
        except Refused as refusal:
            self.exchanges.append((name, given, refusal.code))
            raise
        self.exchanges.append((name, given, told))
        return told

    def send(self, device_id: str, content: bytes) -> Receipt:
        return self._keep("send", (device_id, content))  # type: ignore[no-any-return]

    def receipt(self, key: str) -> Receipt | None:
        return self._keep("receipt", (key,))  # type: ignore[no-any-return]

    def changes(self, cursor: str) -> Page:
        return self._keep("changes", (cursor,))  # type: ignore[no-any-return]

    def entity(self, kind: str, key: str) -> Item | None:
        return self._keep("entity", (kind, key))  # type: ignore[no-any-return]

    def digest(self) -> Digest:
        return self._keep("digest", ())  # type: ignore[no-any-return]

    def recover(self, content: bytes) -> Recovered:
        return self._keep("recover", (content,))  # type: ignore[no-any-return]

    def backup(self) -> Holdings:
        return self._keep("backup", ())  # type: ignore[no-any-return]

    def restore(self, holdings: Holdings) -> None:
        self._keep("restore", (holdings,))

    def tamper(self, *given: Any) -> None:
        self.exchanges.append(("end", (), None))
        super().tamper(*given)


class Both:
    """The recorded exchanges, asked of the reference service."""

    def __init__(self, reference: Reference, seat: Seat, folder: Path) -> None:
        self.reference, self.seat, self.folder = reference, seat, folder
        self.cursors = {"": ""}
        self.backups: dict[int, Path] = {}
        self.n_page = 0

    def compare(self, name: str, given: tuple[Any, ...], told: Any) -> None:
        """Ask the same; fails where the answers differ."""
        answer = getattr(self, f"_{name}")(told, *given)
        if answer is not None:
            ours, theirs = answer
            assert theirs == ours, (name, given)

    def _ask(self, method: str, route: str, told: Any, **more: Any) -> tuple[dict[str, Any], bool]:
        reply = self.seat.ask(method, route, **more)
        problem = not reply.ok
        if problem and isinstance(told, str):
            assert reply.json()["code"] == told
        return reply.json(), problem

    def _send(self, told: Any, _device: str, content: bytes) -> Any:
        answer, _ = self._ask("POST", "/v1/batches", told, raw=content)
        return None if isinstance(told, str) else self._around(told, answer)

    def _around(self, told: Receipt, answer: dict[str, Any]) -> Any:
        """The results, and that the feed was where the model says around the batch."""
        assert self.cursors.setdefault(told.before or "", answer["before"]) == answer["before"]
        assert self.cursors.setdefault(told.after or "", answer["after"]) == answer["after"]
        return _receipts(told, answer)

    def _receipt(self, told: Any, key: str) -> Any:
        answer, problem = self._ask("GET", "/v1/batches/{key}", told, path={"key": key})
        if told is None:
            return True, problem and answer["code"] == "batch.unknown"
        return self._around(told, answer)

    def _changes(self, told: Any, cursor: str) -> Any:
        digested = not isinstance(told, str) and told.digest is not None
        asked = {"cursor": self.cursors[cursor], "limit": self.n_page, "digest": str(digested).lower()}
        answer, _ = self._ask("GET", "/v1/changes", told, params=asked)
        if isinstance(told, str):
            return None
        self.cursors[told.cursor] = answer["cursor"]
        ours, theirs = (_items(told.items), told.more), (_items(answer["items"]), answer["more"])
        if told.digest is None:
            assert "digest" not in answer
            return ours, theirs
        whole = answer["digest"]
        assert told.digest.cursor == told.cursor
        assert whole["cursor"] == answer["cursor"]
        return (*ours, told.digest.n_entities, told.digest.digest), (*theirs, whole["n_entities"], whole["digest"])

    def _entity(self, told: Any, kind: str, key: str) -> Any:
        answer, problem = self._ask("GET", "/v1/entities/{kind}/{id}", told, path={"kind": kind, "id": key})
        if told is None:
            return True, problem and answer["code"] == "entity.unknown"
        return _items([told]), _items([answer])

    def _digest(self, told: Any) -> Any:
        answer, _ = self._ask("GET", "/v1/digest", told)
        self.cursors[told.cursor] = answer["cursor"]
        return (told.n_entities, told.digest), (answer["n_entities"], answer["digest"])

    def _recover(self, told: Any, content: bytes) -> Any:
        answer, _ = self._ask("POST", "/v1/recover", told, raw=content)
        if isinstance(told, str):
            return None
        return [(i.kind, i.id, i.status) for i in told.items], [(i["kind"], i["id"], i["status"]) for i in answer["items"]]

    def _backup(self, told: Any) -> None:
        path = self.folder / f"{len(self.backups)}.backup"
        backup.write(self.reference.db, path)
        self.backups[id(told)] = path

    def _restore(self, _told: Any, holdings: Holdings) -> None:
        epoch = backup.restore(self.reference.db, self.backups[id(holdings)])["epoch"]
        self.seat.headers["Yixiang-Epoch"] = str(epoch)


def _receipts(ours: Receipt, theirs: dict[str, Any]) -> tuple[Any, Any]:
    def plain(result: dict[str, Any]) -> tuple[Any, ...]:
        problem = result["problem"] or {}
        named = tuple(problem.get(name) for name in ("code", "action", "field", "target_kind", "target_id"))
        return result["op_id"], result["status"], result["token"], named if result["status"] == "refused" else ()

    told = msgspec.to_builtins(ours)
    return [ours.digest, *map(plain, told["results"])], [theirs["digest"], *map(plain, theirs["results"])]


def _items(items: list[Any]) -> list[tuple[Any, ...]]:
    plain = [item if isinstance(item, dict) else msgspec.to_builtins(item) for item in items]
    return [tuple(item[name] for name in ("kind", "id", "token", "parent", "action", "op_id", "body")) for item in plain]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """The reference service on a database of its own."""
    service = Reference(f"sqlite:///{tmp_path_factory.mktemp('reference') / 'network.db'}", limits=Limits())
    yield service
    service.stop()


def test_the_model_answers_as_the_reference_service_does(reference: Reference, tmp_path: Path) -> None:
    asked: Counter[str] = Counter()
    for seed in range(N_HISTORIES):
        history = History(seed, Recorded, later=("twice", "third"))
        history.play()
        assert isinstance(history.service, Recorded)
        home = reference.institution(uscc(700_000_000 + seed), f"样本单位{seed}")
        folder = tmp_path / str(seed)
        folder.mkdir()
        both = Both(reference, reference.seat(home), folder)
        both.n_page = history.service.limits.n_page
        for name, given, told in history.service.exchanges:
            if name == "end":
                break
            both.compare(name, given, told)
            asked[name] += 1
    assert min(asked[name] for name in ("send", "changes", "digest", "recover", "backup", "restore")) > 5, asked
