"""What an offline package says: the manifest of one that goes out, and whatever comes back read strictly (contract, "Offline package").

Nothing here trusts a signature; who signed is for the caller to ask, with ``raw`` and ``signature``. Pure: bytes in, values out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from desktop.ledger.problem import Problem
from desktop.sync import carried, gxpk
from desktop.sync.canonical import encode, sha256
from desktop.sync.messages import SCHEMA, Digest, Institution, Page, ProblemDocument, Receipt, Recovered, ServiceKey
from desktop.sync.ports import Sealed

SUFFIX = ".gxpk"
N_BYTES = 64 * 1_048_576
"""The largest package a service takes (contract, ``limits.n_package_bytes``)."""
N_ANSWER_BYTES = 160 * 1_048_576
"""The largest answer that is read: receipts, and pages of up to 8 MiB and one page more."""

_PLACES = {
    "report": re.compile(r"(batches|tails)/[0-9]{4}\.json|blobs/[0-9a-f]{64}"),
    "answer": re.compile(
        r"(problems/(batches|tails)|receipts|recovered|pages)/[0-9]{4}\.json|problems/blobs/[0-9a-f]{64}\.json"
        r"|(digest|anchor|notices|enrolled|problem)\.json"
    ),
}
_PLACE_WORDS = {
    gxpk.WHOLE: "package.place.whole",
    gxpk.MANIFEST: "package.place.manifest",
    gxpk.SIGNATURE: "package.place.signature",
    "enrolled.json": "package.place.enrolled",
    "digest.json": "package.place.digest",
}
Shape = TypeVar("Shape")


class Entry(msgspec.Struct, frozen=True):
    """One file of a package."""

    name: str
    n_bytes: int
    sha256: str


class Enrolment(msgspec.Struct, frozen=True):
    """What a device that never was on line encloses."""

    code: str
    public_key: str
    name: str = ""


class ReportManifest(msgspec.Struct, frozen=True):
    """``manifest.json`` of a package from a ledger. ``server_id`` and ``epoch`` None only with an enrolment."""

    format: str
    version: int
    kind: str
    package_id: str
    number: int
    previous: str | None
    device_id: str
    institution_uscc: str
    server_id: str | None
    epoch: str | None
    schema: int
    cursor: str
    made_at: str
    entries: list[Entry]
    previous_epoch: str | None = None
    enrolment: Enrolment | None = None
    role: str | None = None


class Answered(msgspec.Struct, frozen=True):
    """Which package an answer is to; ``digest`` of its manifest."""

    device_id: str
    number: int
    digest: str


class AnswerManifest(msgspec.Struct, frozen=True):
    """``manifest.json`` of an answer."""

    format: str
    version: int
    kind: str
    package_id: str
    answers: Answered
    institution: Institution | None
    server_id: str
    epoch: str
    key_id: str
    cursor: str
    more: bool
    made_at: str
    entries: list[Entry]


class Enrolled(msgspec.Struct, frozen=True):
    """``enrolled.json``: who the device is now, and the keys under which answers are signed."""

    device_id: str
    institution: Institution
    server_id: str
    epoch: str
    keys: list[ServiceKey]


class Refusal(msgspec.Struct, frozen=True):
    """``problem.json``: why a whole package was not taken, and what the next one must name."""

    code: str
    action: str
    number: int | None = None
    previous: str | None = None
    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A package whose bytes are what its manifest says. ``digest`` of ``raw``, the manifest's bytes, that ``signature`` is over."""

    manifest: ReportManifest | AnswerManifest
    raw: bytes
    signature: str
    digest: str
    entries: dict[str, bytes]

    def names(self, folder: str) -> list[str]:
        """The entries of a folder, in order."""
        return sorted(name for name in self.entries if name.startswith(f"{folder}/"))


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a package and where it stands in its chain. ``server_id`` and ``epoch`` "" before the first answer.

    ``head`` of the ledger's chain, to be signed: ``ledger_id``, ``head``, ``n_operations``.
    """

    device_id: str
    institution_uscc: str
    role: str
    server_id: str
    epoch: str
    number: int
    previous: str
    previous_epoch: str
    enrolment: Enrolment | None = None
    head: Mapping[str, object] | None = None


def entries(outgoing: carried.Outgoing, blobs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a package. ``blobs``: SHA-256 -> whole file."""
    found = {f"batches/{n:04}.json": batch.content for n, batch in enumerate(outgoing.batches, 1)}
    found |= {f"tails/{n:04}.json": content for n, content in enumerate(outgoing.tails, 1)}
    return found | {f"blobs/{digest}": content for digest, content in blobs.items()}


def report(maker: Maker, package_id: str, moment: datetime, cursor: str, files: Mapping[str, bytes]) -> bytes:
    """The bytes of the manifest that goes before these files. ``moment`` with its zone."""
    made_at = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told: dict[str, Any] = {
        "format": "gxpk", "version": 1, "kind": "report", "package_id": package_id, "number": maker.number,
        "previous": maker.previous or None, "previous_epoch": maker.previous_epoch or None, "device_id": maker.device_id,
        "institution_uscc": maker.institution_uscc, "role": maker.role, "server_id": maker.server_id or None,
        "epoch": maker.epoch or None, "schema": SCHEMA, "cursor": cursor, "made_at": made_at,
        "entries": [{"name": name, "n_bytes": len(each), "sha256": sha256(each)} for name, each in sorted(files.items())],
    }  # fmt: skip
    if maker.enrolment is not None:
        told["enrolment"] = msgspec.to_builtins(maker.enrolment)
    if maker.head is not None:
        told["head"] = dict(maker.head)
    return encode(told)


def opened(content: bytes) -> Opened:
    """Read a package of either kind. Raises Problem: it is none, a newer one, or a place of it is damaged."""
    if not gxpk.is_archive(content):
        raise Problem("package.not_one")
    try:
        found = gxpk.read(content)
    except gxpk.Damaged as damaged:
        raise _damaged(damaged.entry) from damaged
    raw, signature = found.pop(gxpk.MANIFEST), found.pop(gxpk.SIGNATURE)
    manifest = _manifest(raw)
    listed = [entry.name for entry in manifest.entries]
    if sorted(set(listed)) != sorted(found) or len(set(listed)) != len(listed):
        raise _damaged(gxpk.WHOLE)
    for entry in manifest.entries:
        content = found[entry.name]
        fits = (entry.n_bytes, entry.sha256) == (len(content), sha256(content))
        if not fits or not _PLACES[manifest.kind].fullmatch(entry.name):
            raise _damaged(entry.name)
    return Opened(manifest, raw, signature.decode("latin-1"), sha256(raw), found)


def _manifest(raw: bytes) -> ReportManifest | AnswerManifest:
    try:
        told = json.loads(raw)
        if isinstance(told, dict) and told.get("format") == "gxpk" and isinstance(told.get("version"), int) and told["version"] > 1:
            raise Problem("package.newer")
        kinds = {"report": ReportManifest, "answer": AnswerManifest}
        shape = kinds[str(told["kind"])]
        manifest: ReportManifest | AnswerManifest = msgspec.json.decode(raw, type=shape)
        canonical = encode(told) == raw
    except (msgspec.DecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(gxpk.MANIFEST) from error
    if not canonical or (manifest.format, manifest.version) != ("gxpk", 1):
        raise _damaged(gxpk.MANIFEST)
    return manifest


def decoded(package: Opened, name: str, shape: type[Shape]) -> Shape | None:
    """One entry read; None when the package has none of that name. Raises Problem for one that cannot be read."""
    if name not in package.entries:
        return None
    return _decoded(package, name, shape)


def _decoded(package: Opened, name: str, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(package.entries[name], type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _damaged(name) from error


def answer(package: Opened, asked_epoch: str, asked_cursor: str, tail_sha256: str, files: Iterable[str]) -> carried.Answer:
    """What an answer says, for the engine; the last four are those of the package it is to, ``files`` the SHA-256 of all it carried."""
    manifest = package.manifest
    if not isinstance(manifest, AnswerManifest):
        raise Problem("package.not_answer", number=manifest.number)
    return carried.Answer(
        manifest.server_id,
        manifest.epoch,
        asked_epoch,
        asked_cursor,
        tail_sha256,
        tuple(_decoded(package, name, Receipt) for name in package.names("receipts")),
        tuple(_decoded(package, name, Recovered) for name in package.names("recovered")),
        tuple(_decoded(package, name, Page) for name in package.names("pages")),
        frozenset(files) - untaken_files(package).keys(),
    )


def problems(package: Opened) -> list[tuple[str, str]]:
    """Entry of the package asked and the service's code, for every file of it that was refused as a whole."""
    return [
        (name.removeprefix("problems/").removesuffix(".json"), _decoded(package, name, ProblemDocument).code)
        for name in package.names("problems")
    ]


def untaken_files(package: Opened) -> dict[str, str]:
    """SHA-256 of every file of evidence that was not taken, and the service's code of the reason."""
    return {name.removeprefix("blobs/"): code for name, code in problems(package) if name.startswith("blobs/")}


def digest(package: Opened) -> Digest | None:
    """What the service holds after this answer, when it says so."""
    return decoded(package, "digest.json", Digest)


def files(package: Opened) -> list[str]:
    """The SHA-256 of each file of evidence that a package carries."""
    return [name.removeprefix("blobs/") for name in package.names("blobs")]


def sealed(package: Opened) -> list[Sealed]:
    """The batches a package carries, for showing what is in it."""
    contents = [package.entries[name] for name in package.names("batches")]
    return [Sealed("", sha256(content), content, True) for content in contents]


def _damaged(entry: str) -> Problem:
    return Problem("package.damaged", entry=_PLACE_WORDS.get(entry, entry))
